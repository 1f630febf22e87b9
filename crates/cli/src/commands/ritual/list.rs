//! `council ritual list`.

use governance::views::{RitualList, rituals};
use serde::Serialize;

use crate::answer::{Answer, Outcome};
use crate::command_error::CommandError;
use crate::context::Context;
use crate::page::{Page, Tone};
use crate::record::Record;
use crate::table::Table;

/// List rituals by their next meeting
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct List {}

/// Runs it.
pub(crate) fn run(_: &List, context: &Context) -> Result<Outcome, CommandError> {
    let record = Record::read(context)?;
    context.printer.show(&Shown(rituals(&record.reading())))?;
    Ok(Outcome::Done)
}

#[derive(Serialize)]
#[serde(transparent)]
struct Shown(RitualList);

impl Answer for Shown {
    fn write(&self, page: &mut Page) {
        let mut table = Table::new(&["Ritual", "Title", "Next", "When"]);
        for row in &self.0.rows {
            let next = row.next.as_ref().map(|next| next.local.clone());
            table.row([
                page.tone(Tone::Name, &row.name),
                row.title.clone(),
                next.unwrap_or_else(|| page.tone(Tone::Quiet, "—")),
                page.tone(Tone::Quiet, &row.when),
            ]);
        }
        page.table(&table);
    }
}
