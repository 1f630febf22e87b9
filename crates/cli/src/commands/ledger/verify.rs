//! `council ledger verify`: proves the ledger, or says exactly where it breaks.

use std::path::{Path, PathBuf};

use diag::words::count;
use ledger::{Checkpoint, Trust, Verification, verify_file};
use serde::Serialize;

use crate::answer::{Answer, Outcome};
use crate::command_error::CommandError;
use crate::context::Context;
use crate::ledger_place::{LedgerPlace, cannot_open};
use crate::page::{Page, Tone};
use crate::{causes, files};

/// Prove the ledger: every byte, every link of the chain, every signed checkpoint
///
/// Names each broken place: the page of the file, the entry and its field, the checkpoint. Exits
/// with 1 when anything is wrong. A chain that was cut short or written anew is found by checkpoints
/// that were kept elsewhere.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Verify {
    /// A checkpoint that was kept elsewhere, as `council ledger checkpoint --format json` printed it;
    /// may be given several times
    #[arg(long, value_name = "FILE")]
    checkpoint: Vec<PathBuf>,
}

/// Runs it.
pub(crate) fn run(
    verify: &Verify,
    place: &LedgerPlace,
    context: &Context,
) -> Result<Outcome, CommandError> {
    place.require()?;
    let read = |file: &PathBuf| read_checkpoint(&context.environment.directory.join(file));
    let checkpoints: Vec<Checkpoint> =
        verify.checkpoint.iter().map(read).collect::<Result<_, _>>()?;
    let keys = checkpoints.iter().map(|checkpoint| checkpoint.key).collect();
    let trust = Trust { keys, checkpoints };
    let found = match place {
        LedgerPlace::File(path) => {
            verify_file(path, &trust).map_err(|error| cannot_open(&error))?
        }
        LedgerPlace::Server { .. } => {
            place.open()?.verify(&trust).map_err(|error| causes::failed(&error))?
        }
    };
    let outcome = if found.is_intact() { Outcome::Done } else { Outcome::Findings };
    context.printer.show(&Report { path: place.to_string(), found })?;
    Ok(outcome)
}

fn read_checkpoint(path: &Path) -> Result<Checkpoint, CommandError> {
    serde_json::from_str(&files::read(path)?).map_err(|error| {
        CommandError::failed(format!("`{}` is not a checkpoint", path.display()))
            .why(error)
            .hint("keep one with `council ledger checkpoint --format json > checkpoint.json`")
    })
}

#[derive(Serialize)]
struct Report {
    path: String,
    #[serde(flatten)]
    found: Verification,
}

impl Answer for Report {
    fn write(&self, page: &mut Page) {
        let Verification { entries, bytes, head, checkpoints, findings, more, written_by } =
            &self.found;
        for finding in findings {
            let label = page.tone(Tone::Error, "broken:");
            page.line(format!("{label} {finding}"));
        }
        if *more {
            page.line("and more of the same");
        }
        let state = match findings.is_empty() {
            true => page.tone(Tone::Good, "intact"),
            false => page.tone(Tone::Error, "not intact"),
        };
        let entries = usize::try_from(*entries).unwrap_or(usize::MAX);
        page.line(format!("{}: {state}", self.path));
        page.line(format!("{} hashed ({bytes} bytes)", hashed(entries)));
        if let Some(head) = head {
            page.line(format!("head: entry {} of {}, {}", head.seq, head.at, head.hash));
        }
        let checkpoints = usize::try_from(*checkpoints).unwrap_or(usize::MAX);
        page.line(format!("{} vouched for it", count(checkpoints, "signed checkpoint")));
        if let Some(by) = written_by {
            page.line(format!(
                "{by} is writing it: what it holds was proven entry by entry, and the file's pages were not compared \
                 with their sums; stop it to have that done, too"
            ));
        }
    }
}

fn hashed(number: usize) -> String {
    if number == 1 { "1 entry".to_owned() } else { format!("{number} entries") }
}
