//! `council page`: whom council calls, and saying that you act.

use clap::Subcommand;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::answer::{Answer, Outcome};
use crate::command_error::CommandError;
use crate::context::Context;
use crate::council::{Council, Speaker};
use crate::online::segment;
use crate::page::{Page, Tone};
use crate::table::Table;

/// See whom council calls because of what, and say that you act
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Pages {
    #[command(subcommand)]
    action: Action,
    #[command(flatten)]
    speaker: Speaker,
}

#[derive(Clone, Debug, Subcommand)]
enum Action {
    /// List the pages, those first that wait for somebody
    List,
    /// Say that you act; nobody else is called
    Ack {
        /// The page, as `council page list` shows it
        page: String,
    },
}

/// Runs it.
pub(crate) fn run(pages: &Pages, context: &Context) -> Result<Outcome, CommandError> {
    match &pages.action {
        Action::List => {
            let council = Council::look(context, &pages.speaker)?;
            let found: Value = council.client().get("/api/v1/notifications?limit=100")?;
            let list: Result<List, _> = serde_json::from_value(found.clone());
            let mut list =
                list.map_err(|error| CommandError::failed("the answer is no list").why(error))?;
            list.items.sort_by_key(|row| (!row.mine, row.stage != "open"));
            context.printer.show(&Shown { list, found })?;
        }
        Action::Ack { page } => {
            let council = Council::reach(context, &pages.speaker)?;
            let path = format!("/api/v1/notifications/{}/acknowledgement", segment(page));
            council.client().act(&path, &Value::Null)?;
            context.printer.note(&format!("you act on `{page}`; nobody else is called"));
        }
    }
    Ok(Outcome::Done)
}

#[derive(Debug, Deserialize)]
struct List {
    items: Vec<Row>,
}

#[derive(Debug, Deserialize)]
struct Row {
    id: String,
    stage: String,
    urgency: String,
    subject: String,
    told: Vec<Told>,
    gaps: Vec<String>,
    acknowledged_by: Option<String>,
    mine: bool,
}

#[derive(Debug, Deserialize)]
struct Told {
    person: String,
}

#[derive(Debug, Serialize)]
struct Shown {
    #[serde(skip)]
    list: List,
    #[serde(flatten)]
    found: Value,
}

impl Answer for Shown {
    fn write(&self, page: &mut Page) {
        if self.list.items.is_empty() {
            page.line("nobody is called");
            return;
        }
        let mut table = Table::new(&["Page", "", "Why", "Called", "How it stands"]);
        for row in &self.list.items {
            let called: Vec<_> = row.told.iter().map(|told| told.person.as_str()).collect();
            let called = if called.is_empty() { row.gaps.join(", ") } else { called.join(", ") };
            table.row([
                page.tone(Tone::Quiet, &row.id),
                page.tone(Tone::Warning, &row.urgency),
                row.subject.clone(),
                called,
                stands(row),
            ]);
        }
        page.table(&table);
    }
}

fn stands(row: &Row) -> String {
    match &row.acknowledged_by {
        Some(person) => format!("{person} acts"),
        None if row.mine => "it waits for you".to_owned(),
        None => match row.stage.as_str() {
            "open" => "nobody acts yet".to_owned(),
            "settled" => "it has arrived".to_owned(),
            "given-up" => "nobody has answered".to_owned(),
            other => other.to_owned(),
        },
    }
}
