//! `council seats`: the table, with its gaps.

use org::views::{GapView, PersonRef, SeatRow};
use serde::Serialize;

use crate::answer::{Answer, Outcome};
use crate::command_error::CommandError;
use crate::context::Context;
use crate::page::{Page, Tone};
use crate::table::Table;

/// Show the council's seats: who holds them, who stands in, what is missing
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Seats {
    /// Show only what is missing, and what that puts at risk
    #[arg(long)]
    gaps: bool,
}

/// Runs it.
pub(crate) fn run(seats: &Seats, context: &Context) -> Result<Outcome, CommandError> {
    let workspace = context.read()?;
    let model = workspace.model();
    let facts = context.facts(model);
    if seats.gaps {
        context.printer.show(&Gaps(org::views::gaps(model, &facts)))?;
    } else {
        context.printer.show(&Rows(org::views::seats(model, &facts)))?;
    }
    Ok(Outcome::Done)
}

#[derive(Serialize)]
#[serde(transparent)]
struct Rows(Vec<SeatRow>);

impl Answer for Rows {
    fn write(&self, page: &mut Page) {
        let mut table = Table::new(&["Seat", "Primary", "Backup", "Notes"]);
        for row in &self.0 {
            let notes = match (&row.active_when, row.active) {
                (Some(condition), false) => format!("not at the table: needs `{condition}`"),
                (Some(condition), true) => format!("at the table: `{condition}`"),
                (None, _) => row.notes.clone().unwrap_or_default(),
            };
            table.row([
                row.title.clone(),
                holder(page, row.primary.as_ref(), row.active),
                holder(page, row.backup.as_ref(), row.active),
                page.tone(Tone::Quiet, notes),
            ]);
        }
        page.table(&table);
    }
}

fn holder(page: &Page, person: Option<&PersonRef>, active: bool) -> String {
    match person {
        Some(person) => person.title.clone(),
        None if active => page.tone(Tone::Warning, "nobody"),
        None => page.tone(Tone::Quiet, "—"),
    }
}

#[derive(Serialize)]
#[serde(transparent)]
struct Gaps(Vec<GapView>);

impl Answer for Gaps {
    fn write(&self, page: &mut Page) {
        if self.0.is_empty() {
            let none = page.tone(Tone::Good, "every seat at the table has a primary and a backup");
            page.line(none);
        }
        for gap in &self.0 {
            let title = page.tone(Tone::Heading, &gap.title);
            let what = page.tone(Tone::Warning, &gap.what);
            page.line(format!("{title}: {what}"));
            let risk = page.tone(Tone::Quiet, format!("  at risk: {}", gap.at_risk.join(", ")));
            page.line(risk);
            page.line(format!("  {}", gap.hint));
        }
    }
}
