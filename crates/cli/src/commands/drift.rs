//! `council drift`: what differs at the targets from what the playbook wants.

use std::collections::BTreeMap;

use jiff::Timestamp;
use plan::Plan;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::answer::{Answer, Outcome};
use crate::changes;
use crate::client::Client;
use crate::command_error::CommandError;
use crate::context::Context;
use crate::council::{Council, Speaker};
use crate::page::{Page, Tone};
use crate::table::Table;

/// Show what differs at the targets from what the playbook wants
///
/// A running council looks at every target every few minutes, and its last look is shown; `--now` looks again. Drift is a
/// plan that nobody asked for: it is shown and never applied by itself. Exits with 1 when something differs, or when a
/// target does not answer.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Drift {
    /// Look at the targets now, instead of showing the last look
    #[arg(long)]
    now: bool,
    /// Only this target, looked at now; may be given several times
    #[arg(long, value_name = "TARGET")]
    target: Vec<String>,
    #[command(flatten)]
    speaker: Speaker,
}

/// Runs it.
pub(crate) fn run(drift: &Drift, context: &Context) -> Result<Outcome, CommandError> {
    let Drift { now, target, speaker } = drift;
    let council = Council::look(context, speaker)?;
    let client = council.client();
    let looks_now = *now || !target.is_empty() || council.is_fresh();
    let last = if looks_now { None } else { Shown::last(client)? };
    let shown = match last {
        Some(last) => last,
        None => Shown::of(client.post("/api/v1/plans", &json!({ "targets": target }))?),
    };
    let differs = shown.targets.iter().any(|one| one.differs > 0 || one.silent.is_some());
    context.printer.show_paged(&shown)?;
    if shown.targets.is_empty() {
        context.printer.note("the targets are as the playbook wants them");
    } else if !looks_now {
        let at = shown.plan.at().strftime("%Y-%m-%d %H:%M");
        context.printer.note(&format!("looked at {at}; look again with `council drift --now`"));
    }
    Ok(if differs { Outcome::Findings } else { Outcome::Done })
}

#[derive(Deserialize)]
struct Last {
    look: Option<Look>,
    plan: Option<String>,
}

#[derive(Deserialize)]
struct Look {
    targets: Vec<Row>,
}

/// One target.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Row {
    target: String,
    observed_at: Option<Timestamp>,
    silent: Option<String>,
    differs: u64,
    held_back: u64,
}

#[derive(Serialize)]
struct Shown {
    targets: Vec<Row>,
    plan: Plan,
}

impl Shown {
    /// What the running council has seen last; nothing before its first look, or when that plan is not kept any more.
    fn last(client: &Client) -> Result<Option<Self>, CommandError> {
        let last: Last = client.get("/api/v1/drift")?;
        let (Some(look), Some(hash)) = (last.look, last.plan) else { return Ok(None) };
        let plan = changes::load(client, &hash)?;
        Ok(Some(Self { targets: look.targets, plan }))
    }

    /// What a plan that was made just now says of the targets that it touches or leaves alone.
    fn of(plan: Plan) -> Self {
        let mut rows: BTreeMap<&str, Row> = BTreeMap::new();
        for step in plan.steps() {
            rows.entry(&step.resource.target).or_default().differs += 1;
        }
        for held in plan.report() {
            rows.entry(&held.resource.target).or_default().held_back += 1;
        }
        let named = rows.into_iter().map(|(target, row)| Row { target: target.to_owned(), ..row });
        let targets = named.collect();
        Self { targets, plan }
    }
}

impl Answer for Shown {
    fn write(&self, page: &mut Page) {
        let mut table = Table::default();
        for row in &self.targets {
            let name = page.tone(Tone::Name, &row.target);
            table.row([name, state(page, row)]);
        }
        page.table(&table);
        if !self.plan.steps().is_empty() || !self.plan.report().is_empty() {
            page.gap();
            page.raw(&changes::bare(&self.plan));
        }
    }
}

fn state(page: &Page, row: &Row) -> String {
    if let Some(why) = &row.silent {
        return page.tone(Tone::Warning, format!("does not answer: {why}"));
    }
    match (row.differs, row.held_back) {
        (0, 0) => page.tone(Tone::Good, "as the playbook wants it"),
        (0, held) => page.tone(Tone::Warning, format!("{held} held back")),
        (1, 0) => page.tone(Tone::Warning, "1 difference"),
        (differs, 0) => page.tone(Tone::Warning, format!("{differs} differences")),
        (differs, held) => page.tone(Tone::Warning, format!("{differs} differ, {held} held back")),
    }
}
