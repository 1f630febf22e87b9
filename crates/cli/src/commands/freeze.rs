//! `council freeze`: when changes wait, declared and lifted.

use clap::Subcommand;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::answer::{Answer, Outcome};
use crate::changes::Person;
use crate::command_error::CommandError;
use crate::context::Context;
use crate::council::{Council, Speaker};
use crate::online::segment;
use crate::page::{Page, Tone};
use crate::table::Table;

/// See when changes wait, declare a freeze, lift one
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Freeze {
    #[command(subcommand)]
    action: Action,
    #[command(flatten)]
    speaker: Speaker,
}

#[derive(Clone, Debug, Subcommand)]
enum Action {
    /// List freezes: in force, ahead within two weeks, lifted
    List,
    /// Declare a freeze, from now unless told otherwise
    Declare {
        /// A short name for it, such as `black-friday`
        name: String,
        /// Why, in a line that everybody may read
        summary: String,
        /// From when
        #[arg(long, value_name = "TIME")]
        from: Option<Timestamp>,
        /// Until when, such as `2026-11-30T06:00:00Z`
        #[arg(long, value_name = "TIME")]
        until: Timestamp,
    },
    /// Lift a freeze
    Lift {
        /// Its name
        name: String,
        /// Why
        #[arg(long, value_name = "WORDS")]
        reason: String,
        /// Only until then; a freeze of the playbook cannot be lifted for good
        #[arg(long, value_name = "TIME")]
        until: Option<Timestamp>,
    },
}

/// Runs it.
pub(crate) fn run(freeze: &Freeze, context: &Context) -> Result<Outcome, CommandError> {
    let council = match &freeze.action {
        Action::List => Council::look(context, &freeze.speaker)?,
        Action::Declare { .. } | Action::Lift { .. } => Council::reach(context, &freeze.speaker)?,
    };
    let client = council.client();
    let said = match &freeze.action {
        Action::List => return list(client.get("/api/v1/freezes")?, context),
        Action::Declare { name, summary, from, until } => {
            let body = json!({ "name": name, "summary": summary, "from": from, "until": until });
            client.act("/api/v1/freezes", &body)?;
            format!("changes wait for `{name}` until {until}")
        }
        Action::Lift { name, reason, until } => {
            let body = json!({ "until": until, "reason": reason });
            client.act(&format!("/api/v1/freezes/{}/lift", segment(name)), &body)?;
            format!("lifted `{name}`")
        }
    };
    context.printer.note(&said);
    Ok(Outcome::Done)
}

fn list(found: Value, context: &Context) -> Result<Outcome, CommandError> {
    let shown = Shown { rows: serde_json::from_value(found.clone()).ok(), found };
    context.printer.show(&shown)?;
    Ok(Outcome::Done)
}

#[derive(Debug, Deserialize)]
struct List {
    now: Vec<Row>,
    coming: Vec<Row>,
    lifted: Vec<Row>,
}

#[derive(Debug, Deserialize)]
struct Row {
    freeze: Frozen,
    applies_to: String,
    declared_by: Option<Person>,
}

#[derive(Debug, Deserialize)]
struct Frozen {
    name: String,
    window: Window,
}

#[derive(Debug, Deserialize)]
struct Window {
    from: Timestamp,
    until: Timestamp,
}

#[derive(Serialize)]
#[serde(transparent)]
struct Shown {
    found: Value,
    #[serde(skip)]
    rows: Option<List>,
}

impl Answer for Shown {
    fn write(&self, page: &mut Page) {
        let Some(List { now, coming, lifted }) = &self.rows else { return };
        let mut table = Table::new(&["Freeze", "", "From", "Until", "What waits"]);
        for (rows, word) in [(now, "in force"), (coming, "ahead"), (lifted, "lifted")] {
            for row in rows {
                let by = row.declared_by.as_ref().map(|by| format!(" (by {})", by.title));
                table.row([
                    page.tone(Tone::Name, &row.freeze.name),
                    page.tone(Tone::Warning, word),
                    row.freeze.window.from.strftime("%Y-%m-%d %H:%M").to_string(),
                    row.freeze.window.until.strftime("%Y-%m-%d %H:%M").to_string(),
                    page.tone(Tone::Quiet, row.applies_to.clone() + &by.unwrap_or_default()),
                ]);
            }
        }
        if table.is_empty() {
            page.line("nothing is frozen, and nothing will be within two weeks");
        } else {
            page.table(&table);
        }
    }
}
