//! `council decision list`.

use governance::views::{DecisionList, DecisionRow, decisions};
use serde::Serialize;

use crate::answer::{Answer, Outcome};
use crate::command_error::CommandError;
use crate::context::Context;
use crate::page::{Page, Tone};
use crate::record::Record;
use crate::table::Table;
use crate::words::word;

/// List decisions: open ones first, then the others, newest first
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct List {
    /// Only those that are in force
    #[arg(long, conflicts_with = "open")]
    active: bool,
    /// Only those that are still to be made
    #[arg(long)]
    open: bool,
}

/// Runs it.
pub(crate) fn run(list: &List, context: &Context) -> Result<Outcome, CommandError> {
    let record = Record::read(context)?;
    let mut found = decisions(&record.reading());
    found.rows.retain(|row| match (list.active, list.open) {
        (true, _) => word(row.stage) == "accepted",
        (false, true) => row.stage.is_open() || word(row.stage) == "draft",
        (false, false) => true,
    });
    context.printer.show(&Shown(found))?;
    Ok(Outcome::Done)
}

#[derive(Serialize)]
#[serde(transparent)]
struct Shown(DecisionList);

impl Answer for Shown {
    fn write(&self, page: &mut Page) {
        let mut table = Table::new(&["Decision", "Type", "State", "Title", ""]);
        for row in &self.0.rows {
            let kind = row.decision_type.as_ref().map(|kind| kind.title.clone());
            table.row([
                page.tone(Tone::Name, &row.number),
                kind.unwrap_or_default(),
                page.tone(tone(row), word(row.stage)),
                row.title.clone(),
                page.tone(Tone::Quiet, remark(row)),
            ]);
        }
        page.table(&table);
    }
}

/// What is worth saying beside the title: what it waits for, or what replaced it.
fn remark(row: &DecisionRow) -> String {
    if let Some(mismatch) = &row.mismatch {
        return mismatch.clone();
    }
    if let Some(next) = &row.superseded_by {
        return format!("replaced by {}", next.title);
    }
    if row.review_is_due {
        return "due for review".to_owned();
    }
    let reason = row.reasons.first().filter(|_| row.stage.is_open());
    reason.cloned().unwrap_or_default()
}

fn tone(row: &DecisionRow) -> Tone {
    match word(row.stage).as_str() {
        "accepted" => Tone::Good,
        "proposed" | "consulted" => Tone::Warning,
        _ => Tone::Quiet,
    }
}
