//! How a change looks on a terminal: what it is, what its plan does, what the gate says, who approved, what comes next.
//!
//! Each thing is said once: while there is a gate to pass, its reasons are why the change waits.

use serde_json::Value;

use crate::changes::{Approval, Detail, Need, Verdict};
use crate::command_error::CommandError;
use crate::context::Context;
use crate::page::{Page, Tone};
use crate::printer;
use crate::table::Table;

/// Writes a change with the screen of its plan.
pub(crate) fn write(page: &mut Page, detail: &Detail, screen: Option<&str>) {
    let card = &detail.card;
    let id = page.tone(Tone::Name, &card.id);
    let title = page.tone(Tone::Heading, &card.title);
    page.line(format!("{id} {title}"));
    page.line(format!("{}, by {}", stage(page, &card.stage), card.author.title));
    if let Some(by) = &detail.rolled_back_by {
        page.line(format!("  taken back by {by}"));
    }
    if let Some(failure) = &detail.failure {
        let failure = page.tone(Tone::Error, failure);
        page.line(format!("  {failure}"));
    }
    said(page, detail);
    if let Some(screen) = screen {
        page.gap();
        page.raw(screen);
    }
    if let Some(verdict) = &detail.verdict {
        gate(page, verdict);
    }
    if !detail.approvals.is_empty() {
        page.heading("Approvals");
        let table = approvals(page, &detail.approvals);
        page.table(&table);
    }
}

/// Shows a change whole: machines get everything, people the page, and on stderr what comes next.
pub(crate) fn show(
    detail: &Detail,
    screen: Option<&str>,
    context: &Context,
) -> Result<(), CommandError> {
    if context.printer.is_machine() {
        return context.printer.data(&printer::json(&detail.found));
    }
    let mut page = Page::new(context.printer.color_out());
    write(&mut page, detail, screen);
    context.printer.data(&page.finish())?;
    next(detail, context);
    Ok(())
}

/// Shows where a change stands, in a few lines.
pub(crate) fn stand(detail: &Detail, context: &Context) -> Result<(), CommandError> {
    if context.printer.is_machine() {
        return context.printer.data(&printer::json(&detail.found));
    }
    let mut page = Page::new(context.printer.color_out());
    let card = &detail.card;
    page.line(format!("{} {}", page.tone(Tone::Name, &card.id), stage(&page, &card.stage)));
    holds(&mut page, detail);
    context.printer.data(&page.finish())?;
    next(detail, context);
    Ok(())
}

/// Why it waits, a line each.
pub(crate) fn holds(page: &mut Page, detail: &Detail) {
    for reason in detail.verdict.iter().flat_map(Verdict::holds) {
        page.line(format!("  waits: {}", reason.text));
        if let Some(change) = &reason.would_change {
            let change = page.tone(Tone::Quiet, format!("    it would pass if {change}"));
            page.line(change);
        }
    }
}

/// Says on stderr what somebody would do now.
pub(crate) fn next(detail: &Detail, context: &Context) {
    let id = &detail.card.id;
    let is_allowed = detail.verdict.as_ref().is_some_and(|verdict| verdict.outcome == "allow");
    let next = match detail.card.stage.as_str() {
        "draft" => format!("plan it with `council change plan {id}`"),
        "planned" => format!("ask the seats with `council change submit {id}`"),
        "awaiting-approval" if !detail.may_approve_for.is_empty() => {
            let plan = detail.plan.as_ref().map(|plan| plan.short()).unwrap_or_default();
            format!("agree to it with `council approve {id} --plan {plan}`")
        }
        "approved" if is_allowed => format!("carry it out with `council apply {id}`"),
        "applying" | "verifying" => format!("watch it with `council apply {id}`"),
        "failed" => format!(
            "go on with `council apply {id}`, or take it back with `council change rollback {id}`"
        ),
        _ => return,
    };
    context.printer.note(&format!("next: {next}"));
}

fn said(page: &mut Page, detail: &Detail) {
    let Detail { description, risk, rollback, evidence, .. } = detail;
    let parts =
        [("what", description), ("risk", risk), ("rollback", rollback), ("evidence", evidence)];
    let mut table = Table::default();
    for (label, text) in parts {
        if let Some(text) = text {
            table.row([page.tone(Tone::Quiet, format!("  {label}")), text.clone()]);
        }
    }
    for (label, text) in around(detail) {
        table.row([page.tone(Tone::Quiet, format!("  {label}")), text]);
    }
    if !table.is_empty() {
        page.gap();
        page.table(&table);
    }
}

/// What happens around a change while it is applied, with a label each.
fn around(detail: &Detail) -> Vec<(&'static str, String)> {
    let word = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let windows = detail.windows.iter();
    let windows =
        windows.map(|it| ("window", format!("{} to {}", word(&it["from"]), word(&it["until"]))));
    let silences = detail.silences.iter().map(|it| {
        let matchers = it["matchers"].as_array().into_iter().flatten().map(word);
        let matchers = matchers.collect::<Vec<_>>().join(", ");
        ("silences", format!("{matchers} for {} at most", word(&it["at_most"])))
    });
    let notice = detail.notice.iter().map(|text| {
        let services = &detail.notice_services;
        let of =
            if services.is_empty() { String::new() } else { format!(" ({})", services.join(", ")) };
        ("notice", format!("{text}{of}"))
    });
    windows.chain(silences).chain(notice).collect()
}

/// What the gate says, with what would change it, and who is asked.
fn gate(page: &mut Page, verdict: &Verdict) {
    let tone = if verdict.outcome == "allow" { Tone::Good } else { Tone::Warning };
    let outcome = page.tone(tone, &verdict.outcome);
    page.heading(format!("Gate: {outcome}"));
    for reason in &verdict.reasons {
        let mark = match (reason.outcome.as_str(), reason.overridden) {
            ("allow", _) => "-",
            (_, true) => "(overridden)",
            (_, false) => "!",
        };
        page.line(format!("  {mark} {}", reason.text));
        if let Some(change) = reason.would_change.as_ref().filter(|_| !reason.overridden) {
            let change = page.tone(Tone::Quiet, format!("    it would pass if {change}"));
            page.line(change);
        }
    }
    let mut table = Table::default();
    for need in verdict.needed.iter().filter(|need| need.state != "not-needed") {
        table.row([
            page.tone(Tone::Quiet, format!("  {}", asked_to(need))),
            need.party.clone(),
            state(need),
        ]);
    }
    page.table(&table);
}

fn asked_to(need: &Need) -> &'static str {
    match need.kind.as_str() {
        "approve" => "approves",
        "consult" => "is consulted",
        _ => "is told",
    }
}

fn state(need: &Need) -> String {
    match (need.state.as_str(), need.people.as_slice()) {
        ("given", people) => format!("approved by {}", people.join(", ")),
        ("open", people) if !people.is_empty() => format!("open: {}", people.join(" or ")),
        (state, _) => state.replace('-', " "),
    }
}

fn approvals(page: &Page, approvals: &[Approval]) -> Table {
    let mut table = Table::default();
    for approval in approvals {
        let void =
            approval.void.as_ref().map(|why| page.tone(Tone::Warning, format!("void: {why}")));
        let comment = approval.comment.clone().unwrap_or_default();
        table.row([
            format!("  {}", approval.seat),
            approval.person.title.clone(),
            approval.at.strftime("%Y-%m-%d %H:%M").to_string(),
            void.unwrap_or_else(|| page.tone(Tone::Quiet, comment)),
        ]);
    }
    table
}

/// The stage of a change, in words and in its tone.
pub(crate) fn stage(page: &Page, stage: &str) -> String {
    let tone = match stage {
        "done" => Tone::Good,
        "failed" => Tone::Error,
        "abandoned" | "rolled-back" | "draft" => Tone::Quiet,
        _ => Tone::Warning,
    };
    page.tone(tone, stage.replace('-', " "))
}
