//! `council ledger checkpoint`: signs the head.

use serde::Serialize;

use crate::answer::{Answer, Outcome};
use crate::causes;
use crate::command_error::CommandError;
use crate::context::Context;
use crate::ledger_place::LedgerPlace;
use crate::page::{Page, Tone};
use crate::table::Table;

/// Sign the ledger's head, and print the checkpoint to be kept elsewhere
///
/// Whoever keeps checkpoints outside of the data directory can prove later that nothing in front of
/// them was changed: `council ledger verify --checkpoint FILE`.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Checkpoint {}

/// Runs it.
pub(crate) fn run(place: &LedgerPlace, context: &Context) -> Result<Outcome, CommandError> {
    let ledger = place.open()?;
    let signed =
        ledger.checkpoint(context.environment.now).map_err(|error| causes::failed(&error))?;
    context.printer.show(&Signed(signed))?;
    Ok(Outcome::Done)
}

#[derive(Serialize)]
#[serde(transparent)]
struct Signed(ledger::Checkpoint);

impl Answer for Signed {
    fn write(&self, page: &mut Page) {
        let ledger::Checkpoint { seq, hash, at, key, signature } = &self.0;
        let mut table = Table::default();
        let rows = [
            ("entry", seq.to_string()),
            ("hash", hash.to_string()),
            ("signed at", at.to_string()),
            ("key", key.to_string()),
            ("signature", signature.to_string()),
        ];
        for (label, value) in rows {
            table.row([page.tone(Tone::Quiet, label), value]);
        }
        page.table(&table);
    }
}
