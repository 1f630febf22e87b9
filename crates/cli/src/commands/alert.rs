//! `council alert`: what fires, one group of it, and having it.

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

/// See which alerts fire, and say that you have them
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Alert {
    #[command(subcommand)]
    action: Action,
    #[command(flatten)]
    speaker: Speaker,
}

#[derive(Clone, Debug, Subcommand)]
enum Action {
    /// List what fires, by group, the most urgent first
    List,
    /// Show when alerts of a name fired, and how good they are
    Show {
        /// The alert's name
        name: String,
    },
    /// Say that you have a group of alerts
    Ack {
        /// The group's key, as `council alert list` shows it
        group: String,
    },
    /// Declare an incident from a group of alerts
    Declare {
        /// The group's key, as `council alert list` shows it
        group: String,
    },
}

/// Runs it.
pub(crate) fn run(alert: &Alert, context: &Context) -> Result<Outcome, CommandError> {
    let council = match &alert.action {
        Action::List | Action::Show { .. } => Council::look(context, &alert.speaker)?,
        Action::Ack { .. } | Action::Declare { .. } => Council::reach(context, &alert.speaker)?,
    };
    let client = council.client();
    match &alert.action {
        Action::List => {
            let found: Value = client.get("/api/v1/alerts")?;
            let list = serde_json::from_value(found.clone()).ok();
            context.printer.show(&Shown { list, history: None, found })?;
        }
        Action::Show { name } => {
            let found: Value = client.get(&format!("/api/v1/alert-history/{}", segment(name)))?;
            let history = serde_json::from_value(found.clone()).ok();
            context.printer.show(&Shown { list: None, history, found })?;
        }
        Action::Ack { group } => {
            let path = format!("/api/v1/alerts/{}/acknowledgement", segment(group));
            client.act(&path, &Value::Null)?;
            context.printer.note(&format!("you have `{group}`"));
        }
        Action::Declare { group } => {
            let path = format!("/api/v1/alerts/{}/incident", segment(group));
            client.act(&path, &Value::Null)?;
            context.printer.note(&format!("declared an incident from `{group}`"));
        }
    }
    Ok(Outcome::Done)
}

#[derive(Debug, Deserialize)]
struct List {
    groups: Vec<Group>,
}

#[derive(Debug, Deserialize)]
struct Group {
    key: String,
    title: String,
    service: Option<String>,
    policy: Option<String>,
    category: Option<String>,
    acknowledged: Option<Seen>,
    incident: Option<String>,
    free: usize,
    count: usize,
}

#[derive(Debug, Deserialize)]
struct Seen {
    person: Named,
}

#[derive(Debug, Deserialize)]
struct Named {
    title: String,
}

#[derive(Debug, Deserialize)]
struct History {
    name: String,
    fired: u64,
    told: u64,
    episodes: Vec<Episode>,
}

#[derive(Debug, Deserialize)]
struct Episode {
    labels: String,
    from: String,
    to: Option<String>,
    notes: Vec<String>,
}

#[derive(Serialize)]
#[serde(transparent)]
struct Shown {
    found: Value,
    #[serde(skip)]
    list: Option<List>,
    #[serde(skip)]
    history: Option<History>,
}

/// `never`, `once`, `7 times`.
fn times(count: u64) -> String {
    match count {
        0 => "never".to_owned(),
        1 => "once".to_owned(),
        more => format!("{more} times"),
    }
}

impl Answer for Shown {
    fn write(&self, page: &mut Page) {
        if let Some(list) = &self.list {
            write_list(list, page);
        }
        if let Some(history) = &self.history {
            let (fired, told) = (history.fired, history.told);
            page.line(format!(
                "{} fired {}; people were told {}",
                history.name,
                times(fired),
                times(told)
            ));
            let mut table = Table::new(&["From", "Until", "Alert", ""]);
            for one in &history.episodes {
                let notes = page.tone(Tone::Quiet, one.notes.join("; "));
                let until = one.to.clone().unwrap_or_default();
                table.row([one.from.clone(), until, one.labels.clone(), notes]);
            }
            page.table(&table);
        }
    }
}

fn write_list(list: &List, page: &mut Page) {
    let mut table = Table::new(&["Group", "Alert", "", "Service", "Told", "How it stands"]);
    for group in &list.groups {
        let stands = match (&group.incident, &group.acknowledged) {
            (Some(incident), _) => incident.clone(),
            (None, Some(seen)) => format!("{} has it", seen.person.title),
            (None, None) if group.free == 0 => "quiet".to_owned(),
            (None, None) => "nobody has it yet".to_owned(),
        };
        table.row([
            page.tone(Tone::Quiet, &group.key),
            page.tone(Tone::Name, &group.title),
            page.tone(Tone::Warning, group.category.clone().unwrap_or_default()),
            group.service.clone().unwrap_or_default(),
            group.policy.clone().unwrap_or_else(|| "nobody".to_owned()),
            format!("{stands} ({})", diag::words::count(group.count, "alert")),
        ]);
    }
    if table.is_empty() {
        page.line("nothing fires");
    } else {
        page.table(&table);
    }
}
