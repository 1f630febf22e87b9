//! `council ledger export`: the whole ledger as JSON Lines.

use std::fs::File;
use std::io::{self, BufWriter};
use std::path::{Path, PathBuf};

use crate::answer::Outcome;
use crate::command_error::CommandError;
use crate::context::Context;
use crate::ledger_place::LedgerPlace;
use crate::{causes, files};

/// Write the whole ledger as JSON Lines, which `council ledger import` restores
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Export {
    /// The file to write; `-` is stdout
    #[arg(default_value = "-")]
    file: PathBuf,
}

/// Runs it.
pub(crate) fn run(
    export: &Export,
    place: &LedgerPlace,
    context: &Context,
) -> Result<Outcome, CommandError> {
    let ledger = place.look()?;
    let exported = if export.file == Path::new("-") {
        ledger.export(&mut BufWriter::new(io::stdout().lock()))
    } else {
        let target = context.environment.directory.join(&export.file);
        let file =
            File::create(&target).map_err(|error| files::cannot("written", &target, &error))?;
        ledger.export(&mut BufWriter::new(file))
    };
    let exported = exported.map_err(|error| causes::failed(&error))?;
    let head = exported.head;
    context.printer.note(&format!("exported up to entry {}, {}", head.seq, head.hash));
    Ok(Outcome::Done)
}
