//! `council incident`: declare, lead and close incidents.

mod act;
mod list;
mod show;

use clap::Subcommand;

use crate::answer::Outcome;
use crate::command_error::CommandError;
use crate::context::Context;
use crate::council::{Council, Speaker};

/// Declare an incident, lead it, write down what happens, close it
///
/// An incident goes its way: detected, triaged, contained, resolved, reviewed, closed. Everything that is done about it is on
/// record with its time, so that the postmortem need not rely on memory.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Incident {
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
pub(crate) fn run(incident: &Incident, context: &Context) -> Result<Outcome, CommandError> {
    let Incident { action, speaker } = incident;
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
