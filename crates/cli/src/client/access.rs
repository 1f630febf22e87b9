//! Which council, and by which token: from the environment, or from an earlier sign-in.

use std::fmt;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::command_error::CommandError;
use crate::environment::Environment;
use crate::files;

/// Where a council is and how to be let in.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Access {
    /// Its address, without a slash at the end.
    pub(crate) url: String,
    /// The personal token.
    pub(crate) token: Option<String>,
}

impl fmt::Debug for Access {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}", self.url)
    }
}

impl Access {
    /// The council of the environment, or else of the last sign-in.
    pub(crate) fn find(environment: &Environment) -> Result<Self, CommandError> {
        match &environment.url {
            Some(url) => Self::at(url.trim_end_matches('/').to_owned(), environment),
            None => Self::stored(environment)?.ok_or_else(nowhere),
        }
    }

    /// The council at an address, with the token of the environment or of a sign-in there.
    pub(crate) fn at(url: String, environment: &Environment) -> Result<Self, CommandError> {
        let stored = stored(environment)?.filter(|stored| stored.url == url);
        let token = environment.token.clone().or(stored.and_then(|stored| stored.token));
        Ok(Self { url, token })
    }

    /// The council of the last sign-in, if there was one.
    pub(crate) fn stored(environment: &Environment) -> Result<Option<Self>, CommandError> {
        let token = environment.token.clone();
        let stored = stored(environment)?;
        Ok(stored.map(|stored| Self { token: token.or(stored.token), url: stored.url }))
    }
}

fn nowhere() -> CommandError {
    CommandError::usage("no council is named to talk to")
        .why("this command acts on a running council, not on the playbook's files")
        .hint("start one with `council up` and sign in with `council login LINK`")
        .hint("or set COUNCIL_URL and COUNCIL_TOKEN")
}

/// The file of the last sign-in.
fn file(environment: &Environment) -> Option<PathBuf> {
    Some(environment.configuration.as_ref()?.join("council/access.json"))
}

fn stored(environment: &Environment) -> Result<Option<Access>, CommandError> {
    let Some(path) = file(environment) else { return Ok(None) };
    match std::fs::read_to_string(&path) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(files::cannot("read", &path, &error)),
        Ok(text) => serde_json::from_str(&text).map(Some).map_err(|error| {
            CommandError::failed(format!("`{}` is damaged", path.display()))
                .why(error)
                .hint("sign in again with `council login`")
        }),
    }
}

/// Remembers a sign-in, for its owner's eyes only; returns the file.
pub(crate) fn remember(
    environment: &Environment,
    access: &Access,
) -> Result<PathBuf, CommandError> {
    let path = file(environment).ok_or_else(|| {
        CommandError::failed("there is no home directory to remember the sign-in in")
            .hint("set HOME, or use COUNCIL_URL and COUNCIL_TOKEN instead")
    })?;
    if let Some(parent) = path.parent() {
        files::make_directory(parent)?;
    }
    let text = crate::printer::json(access);
    write_private(&path, &text).map_err(|error| files::cannot("written", &path, &error))?;
    Ok(path)
}

/// Forgets the sign-in; says whether there was one.
pub(crate) fn forget(environment: &Environment) -> Result<bool, CommandError> {
    let Some(path) = file(environment) else { return Ok(false) };
    match std::fs::remove_file(&path) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
        Err(error) => Err(files::cannot("removed", &path, &error)),
    }
}

/// Writes a file that nobody else may read, not even for a moment.
fn write_private(path: &Path, text: &str) -> std::io::Result<()> {
    use std::io::Write as _;
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    let fresh = path.with_extension("new");
    // Left over from an interrupted run; `create_new` would refuse it.
    match std::fs::remove_file(&fresh) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
        Ok(()) | Err(_) => {}
    }
    let mut file = options.open(&fresh)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    std::fs::rename(fresh, path)
}
