//! `council secrets`: finding those in plain text, telling the age of the hidden ones, reading and setting one.

mod keys;
mod read;
mod scan;
mod set;
mod status;

use clap::Subcommand;

use crate::answer::Outcome;
use crate::command_error::CommandError;
use crate::context::Context;

/// Find secrets in plain text, see how old the hidden ones are, read or set one in a SOPS file
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Secrets {
    #[command(subcommand)]
    action: Action,
}

#[derive(Clone, Debug, Subcommand)]
enum Action {
    Scan(scan::Scan),
    Status(status::Status),
    Read(read::Read),
    Set(set::Set),
}

/// Runs it.
pub(crate) fn run(secrets: &Secrets, context: &Context) -> Result<Outcome, CommandError> {
    match &secrets.action {
        Action::Scan(action) => scan::run(action, context),
        Action::Status(action) => status::run(action, context),
        Action::Read(action) => read::run(action, context),
        Action::Set(action) => set::run(action, context),
    }
}
