//! `council secrets read`: one value of a SOPS file, or the names of all.

use std::path::PathBuf;

use secrecy::ExposeSecret as _;
use serde::Serialize;
use systems::secrets::sops::{SopsFile, Unlocked};

use super::keys;
use crate::answer::{Answer, Outcome};
use crate::command_error::CommandError;
use crate::context::Context;
use crate::files;
use crate::guess::did_you_mean;
use crate::page::Page;

/// Print one value of a SOPS file, or the names of its values
///
/// The file is decrypted in memory and its authentication code is checked. Without a field, the names are printed and no
/// value is.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Read {
    /// The file
    file: PathBuf,
    /// The field, such as `database.password` or `tokens.0`
    field: Option<String>,
}

/// Runs it.
pub(super) fn run(read: &Read, context: &Context) -> Result<Outcome, CommandError> {
    let (_, unlocked) = open(&read.file, context)?;
    let Some(field) = &read.field else {
        let names = unlocked.paths().map(str::to_owned).collect();
        context.printer.show(&Names(names))?;
        return Ok(Outcome::Done);
    };
    let value = unlocked.get(field).ok_or_else(|| {
        CommandError::failed(format!("`{}` has no value at `{field}`", read.file.display()))
            .hints(did_you_mean(field, unlocked.paths()))
            .hint(format!("list all with `council secrets read {}`", read.file.display()))
    })?;
    let mut text = zeroize::Zeroizing::new(value.expose_secret().to_owned());
    text.push('\n');
    context.printer.data(&text)?;
    Ok(Outcome::Done)
}

/// Opens a file with the keys at hand.
pub(super) fn open(file: &PathBuf, context: &Context) -> Result<(String, Unlocked), CommandError> {
    let text = files::read(&context.environment.directory.join(file))?;
    let failed = |error: &dyn std::fmt::Display| {
        CommandError::failed(format!("`{}` cannot be opened", file.display())).why(error)
    };
    let parsed = SopsFile::parse(&text).map_err(|error| failed(&error))?;
    let unlocked = parsed.unlock(&keys::find(context)?).map_err(|error| failed(&error))?;
    Ok((text, unlocked))
}

#[derive(Serialize)]
#[serde(transparent)]
struct Names(Vec<String>);

impl Answer for Names {
    fn write(&self, page: &mut Page) {
        for name in &self.0 {
            page.line(name);
        }
    }
}
