//! `council raci`: who is responsible, accountable, consulted, informed.

use governance::views::{PartyRef, RaciMatrix, raci};
use serde::Serialize;

use crate::answer::{Answer, Outcome};
use crate::command_error::CommandError;
use crate::context::Context;
use crate::page::{Page, Tone};
use crate::table::Table;

/// Show who is responsible, accountable, consulted and informed, area by area
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Raci {}

/// Runs it.
pub(crate) fn run(_: &Raci, context: &Context) -> Result<Outcome, CommandError> {
    let workspace = context.read()?;
    context.printer.show(&Shown(raci(workspace.model())))?;
    Ok(Outcome::Done)
}

#[derive(Serialize)]
#[serde(transparent)]
struct Shown(RaciMatrix);

impl Answer for Shown {
    fn write(&self, page: &mut Page) {
        let mut table =
            Table::new(&["Area", "Responsible", "Accountable", "Consulted", "Informed"]);
        for row in &self.0.rows {
            table.row([
                row.area.title.clone(),
                names(&row.responsible),
                names(&row.accountable),
                names(&row.consulted),
                names(&row.informed),
            ]);
        }
        page.table(&table);
        for row in &self.0.rows {
            if let Some(gap) = &row.gap {
                let label = page.tone(Tone::Warning, "gap:");
                page.line(format!("{label} {}: {gap}", row.area.title));
            }
        }
    }
}

fn names(parties: &[PartyRef]) -> String {
    parties.iter().map(|party| party.title.as_str()).collect::<Vec<_>>().join(", ")
}
