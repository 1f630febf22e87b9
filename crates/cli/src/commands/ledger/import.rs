//! `council ledger import`: restores an export.

use std::fs::File;
use std::io::{self, BufReader};
use std::path::{Path, PathBuf};

use crate::answer::Outcome;
use crate::command_error::CommandError;
use crate::context::Context;
use crate::environment::COUNCIL_LEDGER;
use crate::{causes, files};

/// Restore an export into an empty data directory
///
/// Every line is proven before anything is written: either all of it is restored or nothing.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Import {
    /// The file that `council ledger export` wrote; `-` is stdin
    file: PathBuf,
}

/// Runs it.
pub(crate) fn run(
    import: &Import,
    path: &Path,
    context: &Context,
) -> Result<Outcome, CommandError> {
    if context.environment.ledger.is_some() {
        return Err(CommandError::usage("an export is restored into a file, not into a database")
            .why(format!("{COUNCIL_LEDGER} names a database"))
            .hint("restore it without that variable, then move it with `council ledger migrate`"));
    }
    if let Some(parent) = path.parent() {
        files::make_directory(parent)?;
    }
    let imported = if import.file == Path::new("-") {
        ledger::import(path, &mut BufReader::new(io::stdin().lock()))
    } else {
        let source = context.environment.directory.join(&import.file);
        let file = File::open(&source).map_err(|error| files::cannot("read", &source, &error))?;
        ledger::import(path, &mut BufReader::new(file))
    };
    let imported = imported.map_err(|error| causes::failed(&error))?;
    let head = imported.head;
    context.printer.note(&format!("restored up to entry {}, {}", head.seq, head.hash));
    if imported.stream_keys > 0 {
        context.printer.note(
            "sealed texts came with it; they open once the old `ledger.db-keys` lies beside the new ledger",
        );
    }
    Ok(Outcome::Done)
}
