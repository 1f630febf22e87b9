//! The report as a comment in Markdown, for a forge.
//!
//! It begins with a marker, so that the next run finds it and replaces its text instead of adding another one.
//! Everything that people wrote is put into code spans or escaped: a branch's name cannot close a table.

use std::fmt::Write as _;

use diag::{Diagnostic, Severity};

use super::report::{Report, State};

/// What the comment begins with; invisible when rendered.
pub const MARKER: &str = "<!-- council: pull request check -->";

/// Longest comment, in characters: GitHub takes 65,536, and the rest of the text around the plan needs little.
const LONGEST: usize = 60_000;

/// Findings that are listed; whoever has more reads them in the run's log.
const MOST_FINDINGS: usize = 50;

/// Renders the comment.
pub fn comment(report: &Report) -> String {
    let mut text = format!("{MARKER}\n### council: {}\n\n", escape(&report.headline()));
    text.push_str("| | | |\n|---|---|---|\n");
    for part in &report.parts {
        let (mark, word) = mark(part.state);
        let (title, said) = (part.aspect.title(), escape(&part.text));
        writeln!(text, "| {mark} {word} | {title} | {said} |").expect("BUG: a string takes text");
    }
    let told: Vec<&Diagnostic> = report
        .findings
        .iter()
        .filter(|finding| finding.severity != Severity::Note || finding.code.0 == "PRQ007")
        .collect();
    if !told.is_empty() {
        text.push_str("\n**Findings**\n\n");
    }
    for finding in told.iter().take(MOST_FINDINGS) {
        text.push_str(&item(finding));
    }
    if let Some(more) = told.len().checked_sub(MOST_FINDINGS).filter(|more| *more > 0) {
        writeln!(text, "- and {more} more").expect("BUG: a string takes text");
    }
    if let Some(plan) = report.plan.as_ref().filter(|plan| !plan.is_empty()) {
        let room = LONGEST.saturating_sub(text.len());
        let screen: String = plan.screen.chars().take(room).collect();
        let fence = "`".repeat(longest_run(&screen, '`').max(2) + 1);
        let (headline, hash) = (escape(&plan.headline()), escape(&plan.hash));
        write!(
            text,
            "\n<details><summary>Plan: {headline}</summary>\n\n{fence}text\n{}\n{fence}\n\nPlan {hash}\n\n</details>\n",
            screen.trim_end()
        )
        .expect("BUG: a string takes text");
    }
    text
}

fn item(finding: &Diagnostic) -> String {
    let hint =
        finding.hint.as_deref().map(|hint| format!(" *{}*", escape(hint))).unwrap_or_default();
    let (code, message) = (finding.code, escape(&finding.message));
    format!("- `{code}` {message}.{hint} ({})\n", escape(&finding.place.file))
}

fn mark(state: State) -> (&'static str, &'static str) {
    match state {
        State::Skipped => ("⬜", "not looked at"),
        State::Passed => ("✅", "passed"),
        State::Waiting => ("⏳", "waits"),
        State::Failed => ("❌", "failed"),
    }
}

/// Escapes what Markdown, a table or HTML would read as more than text; code spans are kept where they are whole.
pub fn escape(text: &str) -> String {
    let one_line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let keeps_code = one_line.matches('`').count() % 2 == 0;
    let mut in_code = false;
    let mut escaped = String::new();
    for character in one_line.chars() {
        match character {
            '`' if keeps_code => {
                in_code = !in_code;
                escaped.push('`');
            }
            // A table ends its cell even at a bar within code.
            '|' => escaped.push_str("\\|"),
            // A mention would call somebody; an empty comment keeps it readable and quiet.
            '@' if !in_code => escaped.push_str("@<!-- -->"),
            '<' if !in_code => escaped.push_str("&lt;"),
            '*' | '_' | '[' | ']' | '\\' | '#' | '`' if !in_code => {
                escaped.push('\\');
                escaped.push(character);
            }
            other => escaped.push(other),
        }
    }
    escaped
}

fn longest_run(text: &str, wanted: char) -> usize {
    let mut longest = 0;
    let mut run = 0;
    for character in text.chars() {
        run = if character == wanted { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    longest
}
