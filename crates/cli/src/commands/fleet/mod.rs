//! `council fleet`: machines, from the list of a purchase to the reason why one is stuck.

mod act;
mod audit;
mod bmc;
mod import;
mod list;
mod show;

use clap::Subcommand;
use fleet::lifecycle::Stage;
use fleet::views::Health;

use crate::answer::Outcome;
use crate::command_error::CommandError;
use crate::context::Context;
use crate::page::{Page, Tone};

/// Machines and racks: bring them in, see how far each is, and why one waits
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Fleet {
    #[command(subcommand)]
    action: Action,
}

#[derive(Clone, Debug, Subcommand)]
enum Action {
    List(list::List),
    Show(show::Show),
    Why(show::Why),
    Audit(audit::Audit),
    Bmc(bmc::Bmc),
    Import(import::Import),
    #[command(flatten)]
    Act(act::Act),
}

/// Runs it.
pub(crate) fn run(fleet: &Fleet, context: &Context) -> Result<Outcome, CommandError> {
    match &fleet.action {
        Action::List(action) => list::run(action, context),
        Action::Show(action) => show::run(action, context),
        Action::Why(action) => show::why(action, context),
        Action::Audit(action) => audit::run(action, context),
        Action::Bmc(action) => bmc::run(action, context),
        Action::Import(action) => import::run(action, context),
        Action::Act(action) => act::run(action, context),
    }
}

/// A stage in the colour of the machine's health.
fn stage(page: &Page, stage: Stage, health: Health) -> String {
    let tone = match health {
        Health::Good => Tone::Good,
        Health::Busy => Tone::Name,
        Health::Problem => Tone::Error,
        Health::Unseen => Tone::Quiet,
    };
    page.tone(tone, stage.word())
}
