//! `council oncall`: who is on call, shift by shift, and what the years will bring.

mod note;
mod show;
mod simulate;
mod who;

use clap::Subcommand;
use jiff::Timestamp;
use playbook::{Model, Typed};
use reliability::Schedule;

use crate::answer::Outcome;
use crate::command_error::CommandError;
use crate::context::Context;

/// See who is on call, and what a schedule means for those who are
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Oncall {
    #[command(subcommand)]
    action: Action,
}

#[derive(Clone, Debug, Subcommand)]
enum Action {
    Who(who::Who),
    Show(show::Show),
    Simulate(simulate::Simulate),
    Note(note::Note),
}

/// Runs it.
pub(crate) fn run(oncall: &Oncall, context: &Context) -> Result<Outcome, CommandError> {
    match &oncall.action {
        Action::Who(who) => who::run(who, context),
        Action::Show(show) => show::run(show, context),
        Action::Note(note) => note::run(note, context),
        Action::Simulate(simulate) => simulate::run(simulate, context),
    }
}

/// The schedule of a name.
fn schedule<'m>(model: &'m Model, name: &str) -> Result<Typed<'m, Schedule>, CommandError> {
    let bare = name.strip_prefix("schedule/").unwrap_or(name);
    model.get::<Schedule>(bare).ok_or_else(|| {
        let hint = match model.all::<Schedule>().next() {
            Some(_) => "list all with `council list schedule`",
            None => "it declares none yet: `council explain Schedule` shows how",
        };
        CommandError::failed(format!("the playbook declares no schedule `{bare}`")).hint(hint)
    })
}

/// A moment as people give it: `2026-12-24T18:00:00Z`.
fn moment(named: Option<&str>, now: Timestamp) -> Result<Timestamp, CommandError> {
    let Some(named) = named else { return Ok(now) };
    named.parse().map_err(|_| {
        CommandError::usage(format!("`{named}` is not a moment")).hint(
            "write it as `2026-12-24T18:00:00Z`, or with an offset as `2026-12-24T19:00:00+01:00`",
        )
    })
}
