//! `council check`: all findings of the playbook in one run.

use std::path::PathBuf;

use diag::render::{self, Style, Summary, Tool};
use diag::words::count;
use diag::{Diagnostic, Severity};

use crate::answer::Outcome;
use crate::arguments::Format;
use crate::checked::Checked;
use crate::command_error::CommandError;
use crate::context::Context;
use crate::files;
use crate::page::{Tone, paint};

/// Check the whole playbook and report every problem in one run
///
/// Findings go to stdout, the summary to stderr. Exits with 1 when there are errors, because such a
/// revision is never made current; warnings are gaps and risks, and pass.
///
/// Beside `human` and `json`, `--format` takes `sarif` (SARIF 2.1.0, for code scanning and editors),
/// `github` (annotations of a workflow run) and `gitlab` (a code-quality report).
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Check {
    /// The playbook's directory [default: as `--playbook`]
    directory: Option<PathBuf>,
    /// Exit with 1 on warnings, too
    #[arg(long, value_name = "SEVERITY")]
    deny: Option<Deny>,
    /// Write the findings to a file instead of stdout
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// What is refused beside errors.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Deny {
    /// Gaps and risks.
    Warnings,
}

/// Runs it.
pub(crate) fn run(check: &Check, context: &Context) -> Result<Outcome, CommandError> {
    let Check { directory, deny, output } = check;
    let workspace = context.open(directory.as_deref())?;
    let checked = Checked::beside(&workspace);
    let findings = checked.findings(&context.facts(workspace.model()));
    let color = output.is_none() && context.printer.color_out();
    let text = match context.options.format {
        Format::Human => render::human(&findings, &checked, Style { color, ..Style::default() }),
        Format::Json => render::json(&findings, &checked),
        Format::Sarif => {
            let rules = workspace.vocabulary().rules_info();
            let tool = Tool { version: env!("CARGO_PKG_VERSION"), rules: &rules };
            render::sarif(&findings, &checked, tool)
        }
        Format::Github => render::github(&findings, &checked),
        Format::Gitlab => render::gitlab(&findings, &checked),
    };
    match output {
        Some(path) => files::write(&context.environment.directory.join(path), &text)?,
        None => context.printer.data(&text)?,
    }
    let summary = Summary::of(&findings, checked.files());
    context.printer.say(&conclude(summary, workspace.model().len(), context.printer.color_err()));
    Ok(judge(&findings, *deny))
}

fn judge(findings: &[Diagnostic], deny: Option<Deny>) -> Outcome {
    let refused = |finding: &Diagnostic| match finding.severity {
        Severity::Error => true,
        Severity::Warning => deny == Some(Deny::Warnings),
        Severity::Note => false,
    };
    if findings.iter().any(refused) { Outcome::Findings } else { Outcome::Done }
}

fn conclude(summary: Summary, resources: usize, color: bool) -> String {
    let tone = match summary {
        Summary { errors: 1.., .. } => Tone::Error,
        Summary { warnings: 1.., .. } => Tone::Warning,
        Summary { .. } => Tone::Good,
    };
    let checked = format!("{} in {}", count(resources, "resource"), count(summary.files, "file"));
    let found: Vec<String> =
        [(summary.errors, "error"), (summary.warnings, "warning"), (summary.notes, "note")]
            .into_iter()
            .filter(|(number, _)| *number > 0)
            .map(|(number, word)| count(number, word))
            .collect();
    let found = if found.is_empty() { "no findings".to_owned() } else { found.join(", ") };
    format!("checked {checked}: {}", paint(color, tone, found))
}
