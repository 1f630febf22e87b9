//! `council decision`: what was decided, what is being decided, and by whom.

mod act;
mod list;
mod new;
mod show;

use clap::Subcommand;

use crate::answer::Outcome;
use crate::command_error::CommandError;
use crate::context::Context;

/// See decisions, write new ones, propose them and vote
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Decision {
    #[command(subcommand)]
    action: Action,
}

#[derive(Clone, Debug, Subcommand)]
enum Action {
    List(list::List),
    Show(show::Show),
    New(new::New),
    #[command(flatten)]
    Act(act::Act),
}

/// Runs it.
pub(crate) fn run(decision: &Decision, context: &Context) -> Result<Outcome, CommandError> {
    match &decision.action {
        Action::List(action) => list::run(action, context),
        Action::Show(action) => show::run(action, context),
        Action::New(action) => new::run(action, context),
        Action::Act(action) => act::run(action, context),
    }
}
