//! `council ledger backup`: a consistent copy.

use std::path::PathBuf;

use crate::answer::Outcome;
use crate::causes;
use crate::command_error::CommandError;
use crate::context::Context;
use crate::ledger_place::LedgerPlace;

/// Write a consistent copy of the ledger's database to a new file
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Backup {
    /// The file to write; must not exist
    file: PathBuf,
}

/// Runs it.
pub(crate) fn run(
    backup: &Backup,
    place: &LedgerPlace,
    context: &Context,
) -> Result<Outcome, CommandError> {
    let ledger = place.look()?;
    let target = context.environment.directory.join(&backup.file);
    ledger.backup(&target).map_err(|error| {
        causes::failed(&error).hint("name a new file in a directory that you may write")
    })?;
    let head = ledger.head();
    let shown = backup.file.display();
    context.printer.note(&format!("copied up to entry {} to `{shown}`", head.seq));
    context
        .printer
        .note("keep `ledger.db-keys` with it, in a safer place: it opens the sealed texts");
    Ok(Outcome::Done)
}
