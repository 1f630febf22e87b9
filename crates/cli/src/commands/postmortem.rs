//! `council postmortem`: what was learned from an incident, and what will be different.

use clap::Subcommand;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::answer::{Answer, Outcome};
use crate::client::Client;
use crate::command_error::CommandError;
use crate::context::Context;
use crate::council::{Council, Speaker};
use crate::incidents::{Standing, read};
use crate::online::segment;
use crate::page::{Page, Tone};
use crate::printer;
use crate::table::Table;

/// Begin, write, read and publish the postmortem of an incident
///
/// What the record knows is in it from the start: the timeline, how long things took, who did what, the actions that came of it.
/// People add what only they know. It looks for causes and never for somebody to blame.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct PostmortemCommand {
    #[command(subcommand)]
    action: Action,
    #[command(flatten)]
    speaker: Speaker,
}

#[derive(Clone, Debug, Subcommand)]
enum Action {
    /// List postmortems: those that are owed and those that were begun
    List,
    /// Print one as a document in Markdown
    Show {
        /// The incident
        incident: String,
    },
    /// Begin it
    Draft {
        /// The incident
        incident: String,
    },
    /// Write a part
    Write {
        /// The incident
        incident: String,
        /// The part's title
        section: String,
        /// What it says, in Markdown
        text: String,
    },
    /// Name what contributed, in a word that can recur
    Factor {
        /// The incident
        incident: String,
        /// Such as `missing-alert`
        factor: String,
    },
    /// Promise an action that comes of it
    Act {
        /// The incident
        incident: String,
        /// What is to be done
        title: String,
        /// Who does it: `person/ana`, `seat/network-security`
        #[arg(long, value_name = "OWNER")]
        owner: String,
        /// By when
        #[arg(long, value_name = "DAY")]
        due: jiff::civil::Date,
    },
    /// Link an action to the change that carries it out
    Link {
        /// The incident
        incident: String,
        /// The action's id
        action: String,
        /// The change's id
        change: String,
    },
    /// State why an action needs no change
    State {
        /// The incident
        incident: String,
        /// The action's id
        action: String,
        /// Why, or how it was verified otherwise
        reason: String,
    },
    /// Show it to everybody
    Publish {
        /// The incident
        incident: String,
    },
}

/// Runs it.
pub(crate) fn run(command: &PostmortemCommand, context: &Context) -> Result<Outcome, CommandError> {
    let PostmortemCommand { action, speaker } = command;
    let council = match action {
        Action::List | Action::Show { .. } => Council::look(context, speaker)?,
        Action::Draft { .. }
        | Action::Write { .. }
        | Action::Factor { .. }
        | Action::Act { .. }
        | Action::Link { .. }
        | Action::State { .. }
        | Action::Publish { .. } => Council::reach(context, speaker)?,
    };
    let client = council.client();
    let (path, body, said) = match action {
        Action::List => return list(client, context),
        Action::Show { incident } => return show(incident, client, context),
        Action::Draft { incident } => {
            (below(incident, ""), json!({}), format!("the postmortem of `{incident}` is begun"))
        }
        Action::Write { incident, section, text } => {
            let body = json!({ "section": section, "text": text });
            (below(incident, "/sections"), body, format!("wrote \"{section}\""))
        }
        Action::Factor { incident, factor } => {
            (below(incident, "/factors"), json!({ "factor": factor }), format!("named `{factor}`"))
        }
        Action::Act { incident, title, owner, due } => {
            let from = format!("incident/{incident}");
            let body = json!({ "title": title, "owner": owner, "due": due, "from": from });
            ("/api/v1/actions".to_owned(), body, format!("promised by {owner} until {due}"))
        }
        Action::Link { incident, action, change } => {
            let body = json!({ "action": action, "change": change });
            (below(incident, "/links"), body, format!("`{change}` carries out `{action}`"))
        }
        Action::State { incident, action, reason } => {
            let body = json!({ "action": action, "reason": reason });
            (below(incident, "/statements"), body, format!("`{action}` needs no change"))
        }
        Action::Publish { incident } => {
            (below(incident, "/publication"), json!({}), "everybody can read it".to_owned())
        }
    };
    let answer: Value = client.post(&path, &body)?;
    if context.printer.is_machine() {
        context.printer.data(&printer::json(&answer))?;
    } else {
        context.printer.note(&said);
    }
    Ok(Outcome::Done)
}

fn below(incident: &str, what: &str) -> String {
    format!("/api/v1/postmortems/{}{what}", segment(incident))
}

fn show(incident: &str, client: &Client, context: &Context) -> Result<Outcome, CommandError> {
    let found: Value = client.get(&below(incident, ""))?;
    if context.printer.is_machine() {
        context.printer.data(&printer::json(&found))?;
        return Ok(Outcome::Done);
    }
    context.printer.data(found["document"].as_str().unwrap_or_default())?;
    let row: Standing = read(&found["row"])?;
    if row.published.is_none() {
        let next = match row.unwritten.first() {
            Some(part) => {
                format!("write what is missing: `council postmortem write {incident} '{part}' '…'`")
            }
            None => format!("show it to everybody with `council postmortem publish {incident}`"),
        };
        context.printer.note(&format!("next: {next}"));
    }
    Ok(Outcome::Done)
}

fn list(client: &Client, context: &Context) -> Result<Outcome, CommandError> {
    let found: Value = client.get("/api/v1/postmortems?limit=500")?;
    let items = found["items"].as_array().cloned().unwrap_or_default();
    if items.is_empty() {
        context.printer.note("no postmortem is owed, and none was written");
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
        let mut table = Table::new(&["Incident", "Title", "Due", "", "Still to write"]);
        for item in &self.items {
            let Ok(row) = Standing::deserialize(item) else { continue };
            let stands = match (row.published.is_some(), row.overdue, row.drafted.is_some()) {
                (true, _, _) => page.tone(Tone::Good, "published"),
                (_, true, _) => page.tone(Tone::Error, "overdue"),
                (_, _, true) => page.tone(Tone::Warning, "in work"),
                (_, _, false) => page.tone(Tone::Warning, "not begun"),
            };
            table.row([
                page.tone(Tone::Name, &row.incident),
                row.title,
                row.due.unwrap_or_default(),
                stands,
                page.tone(Tone::Quiet, row.unwritten.join(", ")),
            ]);
        }
        page.table(&table);
    }
}
