//! `council ledger`: the record itself, on a data directory.
//!
//! One process writes a ledger. While a server does, these commands read beside it; those that write say who it is.

mod backup;
mod checkpoint;
mod erase;
mod export;
mod import;
mod rows;
mod show;
mod tail;
mod verify;

use std::path::PathBuf;

use clap::Subcommand;
use ledger::{Ledger, OpenError, Options};

use crate::answer::Outcome;
use crate::command_error::{Class, CommandError};
use crate::context::Context;
use crate::{causes, data_dir, playbook_root};

/// Verify, read, copy and restore the ledger of a data directory
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
    Backup(backup::Backup),
    Checkpoint(checkpoint::Checkpoint),
    Erase(erase::Erase),
}

/// Runs it.
pub(crate) fn run(command: &LedgerCommand, context: &Context) -> Result<Outcome, CommandError> {
    let path = path(command, context)?;
    match &command.action {
        Action::Verify(action) => verify::run(action, &path, context),
        Action::Show(action) => show::run(action, &path, context),
        Action::Tail(action) => tail::run(action, &path, context),
        Action::Export(action) => export::run(action, &path, context),
        Action::Import(action) => import::run(action, &path, context),
        Action::Backup(action) => backup::run(action, &path, context),
        Action::Checkpoint(_) => checkpoint::run(&path, context),
        Action::Erase(action) => erase::run(action, &path, context),
    }
}

/// Where the ledger lies: in the data directory that was named, or in the playbook's own.
fn path(command: &LedgerCommand, context: &Context) -> Result<PathBuf, CommandError> {
    let directory = &context.environment.directory;
    if let Some(data) = &command.data {
        return Ok(directory.join(data).join(data_dir::LEDGER));
    }
    let root = playbook_root::find(context.options.playbook.as_deref(), directory)
        .map_err(|error| error.hint("or name the data directory with `--data DIR`"))?;
    Ok(data_dir::of(None, &root, directory).join(data_dir::LEDGER))
}

/// Opens a ledger that is there to be read, beside a server that may be writing it.
fn look(path: &std::path::Path) -> Result<Ledger, CommandError> {
    require(path)?;
    let opened = match Ledger::open(path, &Options::default()) {
        Err(OpenError::Locked { .. }) => Ledger::open_to_read(path),
        opened => opened,
    };
    opened.map_err(|error| cannot_open(&error))
}

/// Opens a ledger that is there; none is ever made by looking.
fn open(path: &std::path::Path) -> Result<Ledger, CommandError> {
    require(path)?;
    Ledger::open(path, &Options::default()).map_err(|error| cannot_open(&error))
}

/// Refuses when there is no ledger.
fn require(path: &std::path::Path) -> Result<(), CommandError> {
    if path.is_file() {
        return Ok(());
    }
    Err(CommandError::failed(format!("there is no ledger at `{}`", path.display()))
        .hint("`council up` makes one; name another data directory with `--data DIR`"))
}

fn cannot_open(error: &OpenError) -> CommandError {
    let locked = matches!(error, OpenError::Locked { .. });
    let class = if locked { Class::Conflict } else { Class::Failed };
    causes::with(CommandError::new(class, error.to_string()), error)
}
