//! `council fleet show` and `why`: one machine, and the reason why it waits.

use fleet::views::MachineView;
use serde::Serialize;

use super::stage;
use crate::answer::{Answer, Outcome};
use crate::client::Client;
use crate::command_error::CommandError;
use crate::context::Context;
use crate::online::segment;
use crate::page::{Page, Tone};

/// Show a machine: where it stands, how far it is, what it consists of
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Show {
    /// Its name
    machine: String,
}

/// Say what a machine waits for, why it is stuck, and what to try
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Why {
    /// Its name
    machine: String,
}

/// Runs `show`.
pub(super) fn run(show: &Show, context: &Context) -> Result<Outcome, CommandError> {
    context.printer.show(&Shown(ask(&show.machine, context)?))?;
    Ok(Outcome::Done)
}

/// Runs `why`.
pub(super) fn why(why: &Why, context: &Context) -> Result<Outcome, CommandError> {
    context.printer.show(&Reasons(ask(&why.machine, context)?))?;
    Ok(Outcome::Done)
}

fn ask(machine: &str, context: &Context) -> Result<MachineView, CommandError> {
    let name = machine.strip_prefix("machine/").unwrap_or(machine);
    Client::of(context)?.get(&format!("/api/v1/fleet/machines/{}", segment(name)))
}

#[derive(Serialize)]
#[serde(transparent)]
struct Shown(MachineView);

impl Answer for Shown {
    fn write(&self, page: &mut Page) {
        head(&self.0, page);
        for fact in self.0.declared.iter().chain(&self.0.bought) {
            let label = page.tone(Tone::Quiet, format!("  {}:", fact.name));
            page.line(format!("{label} {}", fact.value));
        }
        reasons(&self.0, page);
    }
}

#[derive(Serialize)]
#[serde(transparent)]
struct Reasons(MachineView);

impl Answer for Reasons {
    fn write(&self, page: &mut Page) {
        head(&self.0, page);
        reasons(&self.0, page);
    }
}

fn head(machine: &MachineView, page: &mut Page) {
    let row = &machine.row;
    let simulated =
        if row.simulated { page.tone(Tone::Warning, "  simulated") } else { String::new() };
    let name = page.tone(Tone::Heading, &row.name);
    let stage = stage(page, row.stage, row.health);
    page.line(format!("{name}  {stage}, power {}{simulated}", row.power.word()));
    if let Some(seen) = &machine.sighting {
        let label = page.tone(Tone::Quiet, "  seen:");
        page.line(format!("{label} {} says `{}`, {}", seen.provisioner, seen.state, seen.seen_at));
    }
}

fn reasons(machine: &MachineView, page: &mut Page) {
    for problem in &machine.row.problems {
        let label = page.tone(Tone::Error, "  problem:");
        page.line(format!("{label} {problem}"));
    }
    match (&machine.row.waits, machine.row.problems.is_empty()) {
        (Some(waits), true) => page.line(format!(
            "  it waits for {}, which takes {} minutes at most",
            waits.words(),
            waits.limit().as_mins()
        )),
        (None, true) if machine.sighting.is_none() => {
            page.line("  nobody has seen it: no provisioner that serves its site reports it");
        }
        (None, true) => page.line("  nothing holds it"),
        (_, false) => {}
    }
}
