//! `council incident list`.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::show::stage;
use crate::answer::{Answer, Outcome};
use crate::client::Client;
use crate::command_error::CommandError;
use crate::context::Context;
use crate::incidents::{Row, lasting};
use crate::page::{Page, Tone};
use crate::table::Table;

/// List incidents: those that go on, and those that still ask for something
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct List {
    /// Closed and merged ones, too
    #[arg(long)]
    all: bool,
}

/// The stages after which nothing happens to an incident.
const FINAL: [&str; 2] = ["closed", "merged"];

/// Incidents a request: the most that the API gives.
const PAGE: usize = 500;

#[derive(Deserialize)]
struct Items {
    items: Vec<Value>,
    next: Option<String>,
}

/// Runs it.
pub(crate) fn run(
    list: &List,
    client: &Client,
    context: &Context,
) -> Result<Outcome, CommandError> {
    let mut items: Vec<Value> = Vec::new();
    let mut cursor = String::new();
    loop {
        let page: Items = client.get(&format!("/api/v1/incidents?limit={PAGE}{cursor}"))?;
        items.extend(page.items);
        let Some(next) = page.next else { break };
        cursor = format!("&cursor={next}");
    }
    let is_final = |item: &Value| FINAL.iter().any(|stage| item["stage"] == *stage);
    items.retain(|item| list.all || !is_final(item));
    if items.is_empty() {
        context.printer.note("no incident asks for anything");
    }
    context.printer.show(&Shown { items })?;
    Ok(Outcome::Done)
}

#[derive(Serialize)]
struct Shown {
    items: Vec<Value>,
}

impl Answer for Shown {
    fn write(&self, page: &mut Page) {
        let mut table = Table::new(&["Incident", "Stage", "Severity", "Title", "Lasts", ""]);
        for item in &self.items {
            let Ok(row) = Row::deserialize(item) else { continue };
            let drill = if row.test { "drill: " } else { "" };
            let waits = row.waits.first().cloned().unwrap_or_default();
            table.row([
                page.tone(Tone::Name, &row.id),
                stage(page, &row.stage),
                row.severity.unwrap_or_else(|| "-".to_owned()),
                format!("{drill}{}", row.title),
                row.minutes.map(lasting).unwrap_or_default(),
                page.tone(Tone::Quiet, waits),
            ]);
        }
        page.table(&table);
    }
}
