//! `council ritual`: when the council meets, and what about.

mod act;
mod agenda;
mod list;

use clap::Subcommand;

use crate::answer::Outcome;
use crate::command_error::CommandError;
use crate::context::Context;

/// See rituals and agendas, and keep the minutes
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Ritual {
    #[command(subcommand)]
    action: Action,
}

#[derive(Clone, Debug, Subcommand)]
enum Action {
    List(list::List),
    Agenda(agenda::Agenda),
    #[command(flatten)]
    Act(act::Act),
}

/// Runs it.
pub(crate) fn run(ritual: &Ritual, context: &Context) -> Result<Outcome, CommandError> {
    match &ritual.action {
        Action::List(action) => list::run(action, context),
        Action::Agenda(action) => agenda::run(action, context),
        Action::Act(action) => act::run(action, context),
    }
}
