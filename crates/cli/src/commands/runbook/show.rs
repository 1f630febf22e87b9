//! `council runbook list`, `show` and `evidence`.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::answer::{Answer, Outcome};
use crate::client::Client;
use crate::command_error::CommandError;
use crate::context::Context;
use crate::page::{Page, Tone};
use crate::printer;
use crate::runbooks::{Detail, Row, Run, Step, ending};
use crate::table::Table;

/// Lists runbooks.
pub(super) fn list(client: &Client, context: &Context) -> Result<Outcome, CommandError> {
    let found: Value = client.get("/api/v1/runbooks?limit=500")?;
    let mut items = found["items"].as_array().cloned().unwrap_or_default();
    let trust = |item: &Value| match item["standing"].as_str() {
        Some("untested") => 0,
        Some("stale") => 1,
        _ => 2,
    };
    items.sort_by_key(trust);
    if items.is_empty() {
        context
            .printer
            .note("there is no runbook yet; `council explain Runbook` says how to write one");
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
        let mut table = Table::new(&["Runbook", "", "Verified", "Steps", "When"]);
        for item in &self.items {
            let Ok(row) = Row::deserialize(item) else { continue };
            table.row([
                page.tone(Tone::Name, &row.name),
                standing(page, &row.standing),
                row.verified.unwrap_or_else(|| "-".to_owned()),
                row.steps.to_string(),
                row.when,
            ]);
        }
        page.table(&table);
    }
}

fn standing(page: &Page, standing: &str) -> String {
    match standing {
        "fresh" => page.tone(Tone::Good, "found right"),
        "stale" => page.tone(Tone::Warning, "stale"),
        _ => page.tone(Tone::Warning, "never tried"),
    }
}

/// Shows a runbook.
pub(super) fn one(name: &str, client: &Client, context: &Context) -> Result<Outcome, CommandError> {
    let detail = Detail::of(client, name)?;
    if context.printer.is_machine() {
        context.printer.data(&printer::json(&detail.found))?;
        return Ok(Outcome::Done);
    }
    let mut page = Page::new(context.printer.color_out());
    write(&mut page, &detail);
    context.printer.data(&page.finish())?;
    Ok(Outcome::Done)
}

fn write(page: &mut Page, detail: &Detail) {
    let row = &detail.row;
    page.line(format!(
        "{} {}",
        page.tone(Tone::Name, &row.name),
        page.tone(Tone::Heading, &row.title)
    ));
    page.line(&row.when);
    let verified = match (&row.verified, &row.verified_by) {
        (Some(day), Some(run)) => format!("{}, {day}, by {run}", standing(page, &row.standing)),
        (Some(day), None) => format!("{}, {day}", standing(page, &row.standing)),
        (None, _) => standing(page, &row.standing),
    };
    page.line(verified);
    if let Some(day) = &row.stale_on {
        page.line(format!("  it is stale from {day} on"));
    }
    for one in &detail.parameters {
        let default = one.default.as_ref().map(|it| format!(" [{it}]")).unwrap_or_default();
        page.line(format!("  {}: {}{default}", page.tone(Tone::Name, &one.name), one.asks));
    }
    for (at, step) in detail.steps.iter().enumerate() {
        page.gap();
        self::step(page, at + 1, step);
    }
    if !detail.runs.is_empty() {
        page.heading("Runs");
        let mut table = Table::default();
        for run in detail.runs.iter().take(10) {
            table.row([
                format!("  {}", page.tone(Tone::Name, &run.id)),
                run.begun.strftime("%Y-%m-%d %H:%M").to_string(),
                run.person.title.clone(),
                format!("{}, {} of {}", run.stage, run.passed, run.steps),
                page.tone(Tone::Quiet, run.incident.as_deref().unwrap_or_default()),
            ]);
        }
        page.table(&table);
    }
}

/// A step as it is shown before it is run.
pub(super) fn step(page: &mut Page, number: usize, step: &Step) {
    let title = page.tone(Tone::Heading, format!("{number}. {}", step.title));
    let marks: Vec<&str> =
        [step.confirm.then_some("asks before"), step.approve.then_some("a second person agrees")]
            .into_iter()
            .flatten()
            .collect();
    let marks = if marks.is_empty() { String::new() } else { format!(" ({})", marks.join(", ")) };
    page.line(format!("{title}{marks}"));
    for line in step.script.lines() {
        page.line(format!("     {line}"));
    }
    if let Some(expect) = &step.expect {
        page.line(page.tone(Tone::Quiet, format!("   it should print `{expect}`")));
    }
}

/// Shows what the steps of a run printed.
pub(super) fn evidence(
    id: &str,
    client: &Client,
    context: &Context,
) -> Result<Outcome, CommandError> {
    let run = Run::of(client, id)?;
    if context.printer.is_machine() {
        context.printer.data(&printer::json(&run.found))?;
        return Ok(Outcome::Done);
    }
    let mut page = Page::new(context.printer.color_out());
    let row = &run.row;
    page.line(format!("{} {}", page.tone(Tone::Name, &row.id), row.stage));
    for one in &run.attempts {
        page.gap();
        let title = one.title.as_deref().unwrap_or_default();
        let title = page.tone(Tone::Heading, format!("{}. {title}", one.step + 1));
        let at = one.started.strftime("%Y-%m-%d %H:%M");
        let ending = ending(one.ending.as_ref());
        page.line(format!("{title} {} {at}, {ending}", one.person.title));
        for line in one.output.iter().flat_map(|output| output.lines()) {
            page.line(format!("     {line}"));
        }
    }
    context.printer.data(&page.finish())?;
    Ok(Outcome::Done)
}
