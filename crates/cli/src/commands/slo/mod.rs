//! `council slo`: what is promised, the rules that watch it, what is left of its budgets, and what counts in them.

mod amend;
mod budget;
mod list;
mod render;

use clap::Subcommand;

use crate::answer::Outcome;
use crate::command_error::CommandError;
use crate::context::Context;

/// See objectives and their budgets, decide what counts, and render the rules that watch them
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
    Exclude(amend::Exclude),
    Include(amend::Include),
    Reset(amend::Reset),
}

/// Runs it.
pub(crate) fn run(slo: &Slo, context: &Context) -> Result<Outcome, CommandError> {
    match &slo.action {
        Action::List(action) => list::run(action, context),
        Action::Budget(action) => budget::run(action, context),
        Action::Render(action) => render::run(action, context),
        Action::Exclude(action) => amend::exclude(action, context),
        Action::Include(action) => amend::include(action, context),
        Action::Reset(action) => amend::reset(action, context),
    }
}
