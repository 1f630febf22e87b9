//! `council ledger`: the record itself, on a data directory.
//!
//! One process writes a ledger's file. While a server does, these commands read beside it; those that write say who it is.
//! A ledger in a database, which COUNCIL_LEDGER names, is open to several.

mod backup;
mod checkpoint;
mod erase;
mod export;
mod import;
mod migrate;
mod rows;
mod show;
mod tail;
mod verify;

use std::path::PathBuf;

use clap::Subcommand;

use crate::answer::Outcome;
use crate::command_error::CommandError;
use crate::context::Context;
use crate::ledger_place::LedgerPlace;
use crate::{data_dir, playbook_root};

/// Verify, read, copy, restore and move the ledger of a data directory, or the shared one of COUNCIL_LEDGER
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct LedgerCommand {
    /// The data directory [default: `.council` in the playbook]
    #[arg(long, value_name = "DIR", env = "COUNCIL_DATA", global = true)]
    data: Option<PathBuf>,
    #[command(subcommand)]
    action: Action,
}

#[derive(Clone, Debug, Subcommand)]
enum Action {
    Verify(verify::Verify),
    Show(show::Show),
    Tail(tail::Tail),
    Export(export::Export),
    Import(import::Import),
    Migrate(migrate::Migrate),
    Backup(backup::Backup),
    Checkpoint(checkpoint::Checkpoint),
    Erase(erase::Erase),
}

/// Runs it.
pub(crate) fn run(command: &LedgerCommand, context: &Context) -> Result<Outcome, CommandError> {
    let data = data(command, context)?;
    let place = LedgerPlace::of(&data, &context.environment)?;
    match &command.action {
        Action::Verify(action) => verify::run(action, &place, context),
        Action::Show(action) => show::run(action, &place, context),
        Action::Tail(action) => tail::run(action, &place, context),
        Action::Export(action) => export::run(action, &place, context),
        Action::Import(action) => import::run(action, &data.join(data_dir::LEDGER), context),
        Action::Migrate(action) => migrate::run(action, &data.join(data_dir::LEDGER), context),
        Action::Backup(action) => backup::run(action, &place, context),
        Action::Checkpoint(_) => checkpoint::run(&place, context),
        Action::Erase(action) => erase::run(action, &place, context),
    }
}

/// The data directory that was named, or the playbook's own.
fn data(command: &LedgerCommand, context: &Context) -> Result<PathBuf, CommandError> {
    let directory = &context.environment.directory;
    if let Some(data) = &command.data {
        return Ok(directory.join(data));
    }
    let root = playbook_root::find(context.options.playbook.as_deref(), directory)
        .map_err(|error| error.hint("or name the data directory with `--data DIR`"))?;
    Ok(data_dir::of(None, &root, directory))
}
