//! `council change`: begin, read and end changes.

mod act;
mod list;
mod maintenance;
mod show;

use clap::Subcommand;

use crate::answer::Outcome;
use crate::command_error::CommandError;
use crate::context::Context;
use crate::council::{Council, Speaker};

/// Begin a change, see what it waits for, give it up or take it back
///
/// A change is what the playbook wants and a target does not have yet, with what its author says about it. It is planned,
/// approved by the seats that its subject asks for, and applied; `council apply` does the last.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Change {
    #[command(subcommand)]
    action: Action,
    #[command(flatten)]
    speaker: Speaker,
}

#[derive(Clone, Debug, Subcommand)]
enum Action {
    List(list::List),
    Show(show::Show),
    #[command(flatten)]
    Act(act::Act),
}

/// Runs it.
pub(crate) fn run(change: &Change, context: &Context) -> Result<Outcome, CommandError> {
    let Change { action, speaker } = change;
    let council = match action {
        Action::List(_) | Action::Show(_) => Council::look(context, speaker)?,
        Action::Act(_) => Council::reach(context, speaker)?,
    };
    let client = council.client();
    match action {
        Action::List(list) => list::run(list, client, context),
        Action::Show(show) => show::run(show, client, context),
        Action::Act(act) => act::run(act, client, context),
    }
}
