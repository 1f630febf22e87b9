//! `council secrets set`: one value of a SOPS file, from standard input.

use std::io::Read as _;
use std::path::PathBuf;

use secrecy::SecretString;
use zeroize::Zeroizing;

use super::read::open;
use crate::answer::Outcome;
use crate::command_error::CommandError;
use crate::context::Context;
use crate::files;

/// The longest value, in bytes. A secret is a password or a key; a larger thing belongs into a file of its own.
const MAX_VALUE: u64 = 1024 * 1024;

/// Set one value of a SOPS file, read from standard input
///
/// `printf %s "$NEW" | council secrets set secrets.yaml database.password`. Decrypted and encrypted in memory; no plain
/// text is written anywhere, and only the value, the time and the authentication code change in the file. One newline
/// at the end is not taken for a part of the value.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Set {
    /// The file
    file: PathBuf,
    /// The field, such as `database.password`; it may be new below a map that is there
    field: String,
}

/// Runs it.
pub(super) fn run(set: &Set, context: &Context) -> Result<Outcome, CommandError> {
    let Set { file, field } = set;
    let (_, unlocked) = open(file, context)?;
    let value = value()?;
    let changed = unlocked.set(field, &value, context.environment.now).map_err(|error| {
        CommandError::failed(format!("`{field}` of `{}` was not set", file.display())).why(error)
    })?;
    files::write(&context.environment.directory.join(file), changed)?;
    context.printer.note(&format!("set `{field}` of `{}`", file.display()));
    Ok(Outcome::Done)
}

fn value() -> Result<SecretString, CommandError> {
    let mut text = Zeroizing::new(String::new());
    let read = std::io::stdin().lock().take(MAX_VALUE + 1).read_to_string(&mut text);
    read.map_err(|error| {
        CommandError::failed("the value cannot be read").why(error).hint("pipe a text into it")
    })?;
    if u64::try_from(text.len()).unwrap_or(u64::MAX) > MAX_VALUE {
        return Err(CommandError::failed(format!("the value is longer than {MAX_VALUE} bytes"))
            .hint("encrypt a file of its own with SOPS"));
    }
    let value = text.strip_suffix('\n').unwrap_or(&text);
    let value = value.strip_suffix('\r').unwrap_or(value);
    Ok(value.into())
}
