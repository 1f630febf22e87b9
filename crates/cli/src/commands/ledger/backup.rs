//! `council ledger backup`: a consistent copy.

use std::path::{Path, PathBuf};

use ledger::{Ledger, OpenError, Options, StoreError};

use crate::answer::Outcome;
use crate::causes;
use crate::command_error::CommandError;
use crate::context::Context;

/// Write a consistent copy of the ledger's database to a new file, also while a server writes it
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Backup {
    /// The file to write; must not exist
    file: PathBuf,
}

/// Runs it.
pub(crate) fn run(
    backup: &Backup,
    path: &Path,
    context: &Context,
) -> Result<Outcome, CommandError> {
    super::require(path)?;
    let target = context.environment.directory.join(&backup.file);
    let shown = backup.file.display();
    match Ledger::open(path, &Options::default()) {
        Ok(ledger) => {
            ledger.backup(&target).map_err(|error| refused(&error))?;
            context.printer.note(&format!("copied up to entry {} to `{shown}`", ledger.head().seq));
        }
        Err(OpenError::Locked { by, .. }) => {
            ledger::copy_while_written(path, &target).map_err(|error| refused(&error))?;
            context.printer.note(&format!("copied to `{shown}` while {by} goes on writing"));
        }
        Err(error) => return Err(super::cannot_open(&error)),
    }
    context
        .printer
        .note("keep `ledger.db-keys` with it, in a safer place: it opens the sealed texts");
    Ok(Outcome::Done)
}

fn refused(error: &StoreError) -> CommandError {
    causes::failed(error).hint("name a new file in a directory that you may write")
}
