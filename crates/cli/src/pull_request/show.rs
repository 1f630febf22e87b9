//! How a report looks: for people, for machines, and for code scanning.

use diag::render::{self, Style, Tool};
use diag::{Severity, Sources};
use gitops::pr::{Report, State};
use serde_json::{Value, json};

use crate::answer::Outcome;
use crate::arguments::Format;
use crate::page::{Page, Tone};
use crate::table::Table;

/// What a report is rendered with.
#[derive(Clone, Copy)]
pub(crate) struct Output<'o> {
    /// The format asked for.
    pub(crate) format: Format,
    /// Whether a terminal wants color.
    pub(crate) color: bool,
    /// The files that findings point into.
    pub(crate) sources: &'o dyn Sources,
}

/// Renders the report.
pub(crate) fn write(report: &Report, output: Output<'_>) -> String {
    let Output { format, color, sources } = output;
    match format {
        Format::Human => page(report, color, sources),
        Format::Json => machine(report, sources),
        Format::Sarif => {
            let rules = crate::vocabulary().rules_info();
            let tool = Tool { version: env!("CARGO_PKG_VERSION"), rules: &rules };
            render::sarif(&report.findings, sources, tool)
        }
        Format::Github => render::github(&report.findings, sources),
        Format::Gitlab => render::gitlab(&report.findings, sources),
    }
}

fn page(report: &Report, color: bool, sources: &dyn Sources) -> String {
    let mut page = Page::new(color);
    let mut table = Table::default();
    for part in &report.parts {
        let state = page.tone(tone(part.state), word(part.state));
        table.row([state, part.aspect.title().to_owned(), part.text.clone()]);
    }
    page.table(&table);
    page.gap();
    // Notes explain what the parts say in a few words; warnings and errors are shown where they stand.
    let (notes, rest): (Vec<_>, Vec<_>) =
        report.findings.iter().cloned().partition(|finding| finding.severity == Severity::Note);
    page.raw(&render::human(&rest, sources, Style { color, ..Style::default() }));
    for note in &notes {
        let label = page.tone(Tone::Quiet, "note:");
        page.line(format!("{label} {}", note.message));
    }
    if let Some(plan) = report.plan.as_ref().filter(|plan| !plan.is_empty()) {
        page.gap();
        page.raw(&plan.screen);
    }
    page.finish()
}

fn machine(report: &Report, sources: &dyn Sources) -> String {
    let findings = render::json(&report.findings, sources);
    let findings: Value = serde_json::from_str(&findings).unwrap_or_default();
    crate::printer::json(&json!({
        "state": report.state(),
        "headline": report.headline(),
        "parts": report.parts,
        "plan": report.plan,
        "diagnostics": findings["diagnostics"],
    }))
}

/// How the command ends.
pub(crate) fn conclude(report: &Report) -> Outcome {
    match report.state() {
        State::Failed => Outcome::Findings,
        State::Waiting => Outcome::Waiting,
        State::Passed | State::Skipped => Outcome::Done,
    }
}

fn word(state: State) -> &'static str {
    match state {
        State::Skipped => "skipped",
        State::Passed => "passed",
        State::Waiting => "waits",
        State::Failed => "failed",
    }
}

fn tone(state: State) -> Tone {
    match state {
        State::Skipped => Tone::Quiet,
        State::Passed => Tone::Good,
        State::Waiting => Tone::Warning,
        State::Failed => Tone::Error,
    }
}
