//! `council fleet`: machines, from the list of a purchase to the reason why one is stuck.

mod import;

use clap::Subcommand;

use crate::answer::Outcome;
use crate::command_error::CommandError;
use crate::context::Context;

/// Machines and racks: bring them in, see how far each is, and why one waits
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Fleet {
    #[command(subcommand)]
    action: Action,
}

#[derive(Clone, Debug, Subcommand)]
enum Action {
    Import(import::Import),
}

/// Runs it.
pub(crate) fn run(fleet: &Fleet, context: &Context) -> Result<Outcome, CommandError> {
    match &fleet.action {
        Action::Import(action) => import::run(action, context),
    }
}
