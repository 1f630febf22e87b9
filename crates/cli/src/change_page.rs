//! How a change looks on a terminal: what it is, what its plan does, what the gate says, who approved.

use crate::changes::{Approval, Detail, Verdict};
use crate::page::{Page, Tone};
use crate::table::Table;

/// Writes a change with the screen of its plan.
pub(crate) fn write(page: &mut Page, detail: &Detail, screen: Option<&str>) {
    let card = &detail.card;
    let id = page.tone(Tone::Name, &card.id);
    let title = page.tone(Tone::Heading, &card.title);
    page.line(format!("{id} {title}"));
    page.line(format!("{}, by {}", stage(page, &card.stage), card.author.title));
    for why in &card.waits {
        let why = page.tone(Tone::Quiet, format!("  {why}"));
        page.line(why);
    }
    if let Some(failure) = &detail.failure {
        let failure = page.tone(Tone::Error, failure);
        page.line(failure);
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
    if !table.is_empty() {
        page.gap();
        page.table(&table);
    }
}

/// What the gate says, with what would change it.
pub(crate) fn gate(page: &mut Page, verdict: &Verdict) {
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
