//! `council slo`: what is promised, the rules that watch it, and what is left of its budgets.

mod budget;
mod list;
mod render;

use clap::Subcommand;

use crate::answer::Outcome;
use crate::command_error::CommandError;
use crate::context::Context;

/// See objectives, and render the rules that watch them
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Slo {
    #[command(subcommand)]
    action: Action,
}

#[derive(Clone, Debug, Subcommand)]
enum Action {
    List(list::List),
    Budget(budget::Budget),
    Render(render::Render),
}

/// Runs it.
pub(crate) fn run(slo: &Slo, context: &Context) -> Result<Outcome, CommandError> {
    match &slo.action {
        Action::List(action) => list::run(action, context),
        Action::Budget(action) => budget::run(action, context),
        Action::Render(action) => render::run(action, context),
    }
}
