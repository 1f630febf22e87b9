//! Where `council up` follows the playbook from, the secrets of webhooks, and the forge with the pull requests.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use secrecy::SecretString;
use server::ForgeConfig;
use systems::forge::webhook::Sender;
use systems::forge::{Connection, Forge};
use systems::git::{Follower, Limits};

use crate::command_error::CommandError;
use crate::context::Context;
use crate::files;

/// The directory of the checkout in the data directory.
const CHECKOUT: &str = "playbook";

/// What the command line says about a remote.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Options<'o> {
    /// Its address, if one is followed.
    pub(crate) url: Option<&'o str>,
    /// The branch.
    pub(crate) branch: &'o str,
    /// The data directory that was named.
    pub(crate) data: Option<&'o Path>,
}

/// Looks at the remote for the first time; when it does not answer, the state of the last time does.
pub(crate) fn follow(
    options: &Options<'_>,
    context: &Context,
) -> Result<Option<Follower>, CommandError> {
    let Some(url) = options.url else { return Ok(None) };
    let directory = &context.environment.directory;
    // An address of this machine is meant from where the command was typed, not from the checkout.
    let local = directory.join(url);
    let url = if local.exists() { local.display().to_string() } else { url.to_owned() };
    let data = directory.join(options.data.unwrap_or(Path::new("")));
    let checkout = data.join(CHECKOUT);
    let known = checkout.join(".git").is_dir();
    let follower = Follower::new(&url, options.branch, checkout, Limits::default())
        .map_err(|trouble| CommandError::usage(trouble.to_string()))?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| CommandError::failed("the runtime could not be started").why(error))?;
    match runtime.block_on(follower.turn(context.environment.now)) {
        Ok(moved) => context.printer.note(&format!("the playbook's remote: {}", moved.text())),
        Err(trouble) if known => {
            context.printer.warn(&format!("{trouble}; going on with what was there"));
        }
        Err(trouble) => {
            return Err(CommandError::failed("the playbook cannot be followed").why(trouble).hint(
                "check the address and the branch, and that Git may read them without asking",
            ));
        }
    }
    Ok(Some(follower))
}

/// The playbook's directory in the checkout.
pub(crate) fn root(follower: &Follower, below: Option<&Path>) -> PathBuf {
    below.map_or_else(|| follower.directory().to_owned(), |below| follower.directory().join(below))
}

/// The forge that was named as `SYSTEM=PROJECT`.
pub(crate) fn forge(
    named: Option<&str>,
    api: Option<&str>,
    context: &Context,
) -> Result<Option<ForgeConfig>, CommandError> {
    let Some(named) = named else { return Ok(None) };
    let refused = |why: &str| {
        CommandError::usage(format!("`--forge {named}` is not understood"))
            .why(why)
            .hint("write it as `github=OWNER/NAME`, `gitlab=GROUP/NAME`, `gitea=…` or `forgejo=…`")
    };
    let (system, project) = named.split_once('=').ok_or_else(|| refused("it names no project"))?;
    let usual = match system {
        "github" => Some("https://api.github.com"),
        "gitlab" => Some("https://gitlab.com/api/v4"),
        _ => None,
    };
    let Some(api) = api.or(usual) else {
        return Err(refused("nobody knows where its API is").hint("name it with `--forge-api URL`"));
    };
    let Some(token) = context.environment.forge_token.clone() else {
        return Err(CommandError::usage("the forge cannot be used without a token")
            .why("pull requests are read, and a status and a comment are written")
            .hint("set COUNCIL_FORGE_TOKEN to one that may do that, and no more"));
    };
    drop(rustls::crypto::ring::default_provider().install_default());
    let connection = Connection::new(api, token, reqwest::Client::new());
    let forge = Forge::of(system, connection, project).ok_or_else(|| refused("it is no forge"))?;
    Ok(Some(ForgeConfig { forge, project: project.to_owned() }))
}

/// Reads the secrets that were named as `SYSTEM=FILE`.
pub(crate) fn secrets(
    named: &[String],
    directory: &Path,
) -> Result<BTreeMap<String, SecretString>, CommandError> {
    let mut secrets = BTreeMap::new();
    for pair in named {
        let refused = |why: &str| {
            CommandError::usage(format!("`--webhook-secret {pair}` is not understood"))
                .why(why)
                .hint("write it as `github=FILE`, `gitlab=FILE`, `gitea=FILE` or `forgejo=FILE`")
        };
        let (system, file) = pair.split_once('=').ok_or_else(|| refused("it names no file"))?;
        let sender = Sender::of(system).ok_or_else(|| refused("that forge is not known"))?;
        let secret = files::read(&directory.join(file))?;
        let secret = secret.trim();
        if secret.is_empty() {
            return Err(refused("the file is empty, and everybody could sign with that"));
        }
        secrets.insert(sender.system().to_owned(), SecretString::from(secret));
    }
    Ok(secrets)
}
