//! `council silence`: who keeps which alerts quiet, until when.

use clap::Subcommand;
use jiff::{SignedDuration, Timestamp};
use playbook::Period;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::answer::{Answer, Outcome};
use crate::command_error::CommandError;
use crate::context::Context;
use crate::council::{Council, Speaker};
use crate::online::segment;
use crate::page::{Page, Tone};
use crate::table::Table;

/// Keep alerts quiet for a while, see what is quiet, and end it
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Silence {
    #[command(subcommand)]
    action: Action,
    #[command(flatten)]
    speaker: Speaker,
}

#[derive(Clone, Debug, Subcommand)]
enum Action {
    /// List silences: in force, ahead, over
    List,
    /// Keep alerts quiet; says first how many that are
    Add {
        /// Alertmanager's matchers, such as `alertname="Down", service=~"api|web"`
        matchers: String,
        /// For how long, such as `2h`
        #[arg(long = "for", value_name = "PERIOD", value_parser = Period::parse)]
        length: Period,
        /// Why
        #[arg(long, value_name = "WORDS")]
        reason: String,
        /// Only say which alerts it would keep quiet
        #[arg(long)]
        preview: bool,
    },
    /// End a silence
    Expire {
        /// Its id
        id: String,
    },
}

/// Runs it.
pub(crate) fn run(silence: &Silence, context: &Context) -> Result<Outcome, CommandError> {
    let council = match &silence.action {
        Action::List => Council::look(context, &silence.speaker)?,
        Action::Add { .. } | Action::Expire { .. } => Council::reach(context, &silence.speaker)?,
    };
    let client = council.client();
    match &silence.action {
        Action::List => {
            let found: Value = client.get("/api/v1/silences")?;
            let list = serde_json::from_value(found.clone()).ok();
            context.printer.show(&Shown { list, preview: None, found })?;
        }
        Action::Add { matchers, length, reason, preview } => {
            let asked = json!({ "matchers": matchers });
            let found: Value = client.post("/api/v1/silences/preview", &asked)?;
            let alerts = found.get("alerts").and_then(Value::as_array).map_or(0, Vec::len);
            if *preview {
                let preview = serde_json::from_value(found.clone()).ok();
                context.printer.show(&Shown { list: None, preview, found })?;
                return Ok(Outcome::Done);
            }
            let length: SignedDuration = length.to_duration();
            let until = Timestamp::now().saturating_add(length).unwrap_or(Timestamp::MAX);
            let body = json!({ "matchers": matchers, "until": until, "reason": reason });
            let done: Value = client.post("/api/v1/silences", &body)?;
            let stream = done.get("stream").and_then(Value::as_str).unwrap_or_default();
            let matching = diag::words::count(alerts, "alert");
            context.printer.note(&format!("`{stream}` keeps {matching} quiet until {until}"));
        }
        Action::Expire { id } => {
            client.act(&format!("/api/v1/silences/{}/expiry", segment(id)), &Value::Null)?;
            context.printer.note(&format!("ended `{id}`"));
        }
    }
    Ok(Outcome::Done)
}

#[derive(Debug, Deserialize)]
struct List {
    silences: Vec<Row>,
}

#[derive(Debug, Deserialize)]
struct Row {
    id: String,
    stage: String,
    matchers: Vec<String>,
    ends_at: Timestamp,
    person: Named,
    comment: String,
    matches: usize,
}

#[derive(Debug, Deserialize)]
struct Named {
    title: String,
}

#[derive(Debug, Deserialize)]
struct Preview {
    alerts: Vec<Previewed>,
}

#[derive(Debug, Deserialize)]
struct Previewed {
    labels: std::collections::BTreeMap<String, String>,
}

#[derive(Serialize)]
#[serde(transparent)]
struct Shown {
    found: Value,
    #[serde(skip)]
    list: Option<List>,
    #[serde(skip)]
    preview: Option<Preview>,
}

impl Answer for Shown {
    fn write(&self, page: &mut Page) {
        if let Some(preview) = &self.preview {
            page.line(format!(
                "{} would be quiet",
                diag::words::count(preview.alerts.len(), "alert")
            ));
            for alert in &preview.alerts {
                let labels = alert.labels.iter().map(|(name, value)| format!("{name}={value:?}"));
                page.line(format!("  {}", labels.collect::<Vec<_>>().join(", ")));
            }
        }
        let Some(list) = &self.list else { return };
        let mut table =
            Table::new(&["Silence", "", "Until", "Alerts", "Matches", "Whose, and why"]);
        for row in &list.silences {
            table.row([
                page.tone(Tone::Quiet, &row.id),
                page.tone(Tone::Warning, &row.stage),
                row.ends_at.strftime("%Y-%m-%d %H:%M").to_string(),
                row.matches.to_string(),
                page.tone(Tone::Name, row.matchers.join(", ")),
                format!("{}: {}", row.person.title, row.comment),
            ]);
        }
        if table.is_empty() {
            page.line("nothing is silenced");
        } else {
            page.table(&table);
        }
    }
}
