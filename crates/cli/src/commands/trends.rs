//! `council trends`: how changes and incidents go over the weeks.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::answer::{Answer, Outcome};
use crate::command_error::CommandError;
use crate::context::Context;
use crate::council::{Council, Speaker};
use crate::page::{Page, Tone};
use crate::table::Table;

/// Show how changes and incidents went over the last twelve weeks
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Trends {
    #[command(flatten)]
    speaker: Speaker,
}

/// Runs it.
pub(crate) fn run(command: &Trends, context: &Context) -> Result<Outcome, CommandError> {
    let council = Council::look(context, &command.speaker)?;
    let found: Value = council.client().get("/api/v1/trends")?;
    let view = serde_json::from_value(found.clone())
        .map_err(|error| CommandError::failed("the answer tells no trends").why(error))?;
    context.printer.show(&Shown { view, found })?;
    Ok(Outcome::Done)
}

#[derive(Debug, Deserialize)]
struct View {
    from: String,
    keys: Keys,
    before: Keys,
    factors: Vec<Factor>,
    promises: Promises,
}

#[derive(Debug, Deserialize)]
struct Keys {
    deployed: u32,
    lead_minutes: Option<i64>,
    failure_rate: Option<f64>,
    restore_minutes: Option<i64>,
}

#[derive(Debug, Deserialize)]
struct Factor {
    factor: String,
    incidents: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct Promises {
    in_time: u32,
    late: u32,
    dropped: u32,
    open: u32,
}

#[derive(Debug, Serialize)]
struct Shown {
    #[serde(skip)]
    view: View,
    #[serde(flatten)]
    found: Value,
}

impl Answer for Shown {
    fn write(&self, page: &mut Page) {
        let View { from, keys, before, factors, promises } = &self.view;
        let title = page.tone(Tone::Heading, format!("since {from}"));
        page.line(title);
        let mut table = Table::new(&["What", "These weeks", "The weeks before"]);
        table.row([
            "changes applied and verified".to_owned(),
            keys.deployed.to_string(),
            before.deployed.to_string(),
        ]);
        table.row([
            "from draft to verified, median".to_owned(),
            length(keys.lead_minutes),
            length(before.lead_minutes),
        ]);
        table.row([
            "failed or taken back".to_owned(),
            share(keys.failure_rate),
            share(before.failure_rate),
        ]);
        table.row([
            "users were hurt for, median".to_owned(),
            length(keys.restore_minutes),
            length(before.restore_minutes),
        ]);
        page.table(&table);
        for factor in factors.iter().take(5) {
            page.line(format!("{}: {}", factor.factor, factor.incidents.join(", ")));
        }
        let Promises { in_time, late, dropped, open } = promises;
        page.line(format!(
            "promises: {in_time} kept in time, {late} later, {open} late and open, {dropped} given up"
        ));
    }
}

fn length(minutes: Option<i64>) -> String {
    minutes.map_or_else(|| "–".to_owned(), crate::incidents::lasting)
}

fn share(share: Option<f64>) -> String {
    share.map_or_else(|| "–".to_owned(), |share| format!("{:.0} %", share * 100.0))
}
