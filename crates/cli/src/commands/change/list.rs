//! `council change list`.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::answer::{Answer, Outcome};
use crate::change_page::stage;
use crate::changes::Card;
use crate::client::Client;
use crate::command_error::CommandError;
use crate::context::Context;
use crate::page::{Page, Tone};
use crate::table::Table;

/// List changes by stage, with what each waits for
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct List {
    /// Those at their end, too
    #[arg(long)]
    all: bool,
}

/// The stages after which nothing happens to a change.
const FINAL: [&str; 3] = ["done", "rolled-back", "abandoned"];

#[derive(Deserialize)]
struct Board {
    columns: Vec<Column>,
}

#[derive(Deserialize)]
struct Column {
    cards: Vec<Value>,
}

/// Runs it.
pub(crate) fn run(
    list: &List,
    client: &Client,
    context: &Context,
) -> Result<Outcome, CommandError> {
    let board: Board = client.get("/api/v1/change-board")?;
    let mut items: Vec<Value> = board.columns.into_iter().flat_map(|column| column.cards).collect();
    let is_final = |item: &Value| FINAL.iter().any(|stage| item["stage"] == *stage);
    items.retain(|item| list.all || !is_final(item));
    if items.is_empty() {
        context.printer.note("no change is under way");
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
        let mut table = Table::new(&["Change", "Stage", "Title", "Author", ""]);
        for item in &self.items {
            let Ok(card) = Card::deserialize(item) else { continue };
            let waits = card.waits.first().cloned().unwrap_or_default();
            table.row([
                page.tone(Tone::Name, &card.id),
                stage(page, &card.stage),
                card.title,
                card.author.title,
                page.tone(Tone::Quiet, waits),
            ]);
        }
        page.table(&table);
    }
}
