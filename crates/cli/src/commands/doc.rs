//! `council doc`: the whole playbook as one readable document.

use std::path::PathBuf;

use governance::render::document::{document, to_markdown};

use crate::answer::Outcome;
use crate::command_error::CommandError;
use crate::context::Context;
use crate::record::Record;
use crate::{causes, document_parts, files, printer};

/// Write the living document: the whole playbook as one Markdown file or a static site
///
/// What nobody has filled in yet is shown as a gap with its owner. Without an option the Markdown
/// goes to stdout.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Doc {
    /// Write the Markdown to a file
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Write a static site with search into a directory
    #[arg(long, value_name = "DIR", conflicts_with = "out")]
    site: Option<PathBuf>,
}

/// Runs it.
pub(crate) fn run(doc: &Doc, context: &Context) -> Result<Outcome, CommandError> {
    let record = Record::read(context)?;
    let parts = document_parts();
    let directory = &context.environment.directory;
    if let Some(below) = &doc.site {
        let pages = server::ui::site::render(record.workspace(), &record.reading(), &parts)
            .map_err(|error| causes::failed(&error))?;
        for (name, bytes) in &pages {
            files::write(&directory.join(below).join(name), bytes)?;
        }
        let below = below.display();
        context.printer.note(&format!("wrote {} files; open `{below}/index.html`", pages.len()));
        return Ok(Outcome::Done);
    }
    let markdown = to_markdown(&document(&record.reading(), &parts));
    match &doc.out {
        Some(file) => {
            files::write(&directory.join(file), &markdown)?;
            context.printer.note(&format!("wrote `{}`", file.display()));
        }
        None if context.printer.is_machine() => {
            context.printer.data(&printer::json(&serde_json::json!({ "markdown": markdown })))?;
        }
        None => context.printer.data(&markdown)?,
    }
    Ok(Outcome::Done)
}
