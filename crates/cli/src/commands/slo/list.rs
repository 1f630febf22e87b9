//! `council slo list`: every objective with its window and alerts.

use reliability::views::{SloList, slo_list};
use serde::Serialize;

use crate::answer::{Answer, Outcome};
use crate::command_error::CommandError;
use crate::context::Context;
use crate::page::{Page, Tone};
use crate::table::Table;

/// List every objective with its window and alerts, and what is not watched
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct List {}

/// Runs it.
pub(crate) fn run(_: &List, context: &Context) -> Result<Outcome, CommandError> {
    let workspace = context.read()?;
    context.printer.show_paged(&Shown(slo_list(workspace.model())))?;
    Ok(Outcome::Done)
}

#[derive(Serialize)]
#[serde(transparent)]
struct Shown(SloList);

impl Answer for Shown {
    fn write(&self, page: &mut Page) {
        if self.0.slos.is_empty() && self.0.skipped.is_empty() {
            page.line(
                "no objectives yet: write an `SLO` of OpenSLO, such as `council explain SLO` shows",
            );
            return;
        }
        let mut table = Table::new(&["SLO", "Service", "Objective", "Window", "Counts", "Alerts"]);
        for row in &self.0.slos {
            let alerts =
                if row.alerts.is_empty() { "none".to_owned() } else { row.alerts.join(", ") };
            table.row([
                page.tone(Tone::Name, &row.id),
                row.service.clone(),
                row.objective.clone(),
                row.window.clone(),
                row.counts.to_owned(),
                alerts,
            ]);
        }
        page.table(&table);
        for row in &self.0.slos {
            for held in &row.held {
                let label = page.tone(Tone::Warning, "left out:");
                page.line(format!("{label} {} ({}): {}", row.id, held.alert, held.reason));
            }
        }
        for skipped in &self.0.skipped {
            let (tone, word) = if skipped.is_measured_elsewhere {
                (Tone::Quiet, "elsewhere:")
            } else {
                (Tone::Warning, "not watched:")
            };
            let label = page.tone(tone, word);
            page.line(format!("{label} {}: {}", skipped.source, skipped.reason));
        }
    }
}
