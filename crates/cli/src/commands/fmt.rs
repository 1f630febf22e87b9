//! `council fmt`: one way to write a playbook.

use std::collections::BTreeSet;
use std::path::PathBuf;

use diag::Sources as _;
use diag::words::count;
use lsp::format::{self, Formatted};
use playbook::Workspace;
use similar::TextDiff;

use crate::answer::Outcome;
use crate::command_error::CommandError;
use crate::context::Context;
use crate::files;
use crate::shown_from::ShownFrom;

/// Format the playbook's YAML, and the `yaml council` blocks of its Markdown
///
/// Comments stay, and what a file means never changes: a file that cannot be formatted safely is left
/// as it is and named. With `--check` nothing is written; the changes are shown, and there being any
/// exits with 1.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Fmt {
    /// The playbook's directory [default: as `--playbook`]
    directory: Option<PathBuf>,
    /// Write nothing: show what would change
    #[arg(long)]
    check: bool,
}

/// Runs it.
pub(crate) fn run(fmt: &Fmt, context: &Context) -> Result<Outcome, CommandError> {
    let Fmt { directory, check } = fmt;
    let workspace = context.open(directory.as_deref())?;
    let sources = ShownFrom::new(&workspace, &context.environment.directory);
    let mut changed = 0;
    for file in known_files(&workspace, context) {
        let Some(text) = workspace.text(&file) else { continue };
        let shown = sources.shown(&file);
        let is_markdown = file.ends_with(".md");
        match if is_markdown { format::markdown(text) } else { format::yaml(text) } {
            Formatted::Refused(why) => {
                context.printer.warn(&format!("`{shown}` was left as it is: {why}"));
            }
            Formatted::Text(formatted) if formatted == text => {}
            Formatted::Text(formatted) => {
                changed += 1;
                if *check {
                    let diff = TextDiff::from_lines(text, &formatted);
                    let diff = diff.unified_diff().header(&shown, &shown).to_string();
                    context.printer.data(&diff)?;
                } else {
                    files::write(&workspace.root().join(&file), &formatted)?;
                    context.printer.note(&format!("formatted `{shown}`"));
                }
            }
        }
    }
    match (changed, check) {
        (0, _) => context.printer.note("everything is formatted"),
        (_, true) => {
            context
                .printer
                .note(&format!("{} would change; run `council fmt`", count(changed, "file")));
            return Ok(Outcome::Findings);
        }
        (_, false) => {}
    }
    Ok(Outcome::Done)
}

/// The files that declare something or tried to.
fn known_files(workspace: &Workspace, context: &Context) -> BTreeSet<String> {
    let findings = workspace.check(&context.facts(workspace.model()));
    let declared = workspace.model().resources().map(|resource| resource.place.file.to_string());
    declared.chain(findings.iter().map(|finding| finding.place.file.to_string())).collect()
}
