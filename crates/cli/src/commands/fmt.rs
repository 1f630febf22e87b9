//! `council fmt`: one way to write a playbook.

use std::path::PathBuf;

use diag::Sources as _;
use diag::words::count;
use lsp::format::{self, Formatted};
use similar::TextDiff;

use crate::answer::Outcome;
use crate::command_error::CommandError;
use crate::context::Context;
use crate::files;

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
    let mut changed = 0;
    for file in workspace.files() {
        let Some(text) = workspace.text(file) else { continue };
        let shown = workspace.shown(file);
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
                    files::write(&workspace.root().join(&**file), &formatted)?;
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
