//! Checkpoints: signs the newest entry, so that a rewritten past shows.

use ledger::StoreError;

use super::runner::{Failure, Turn, Worker};
use crate::AppState;
use crate::limits::CHECKPOINT_EVERY;

/// The worker.
pub(crate) struct Checkpoint;

impl Worker for Checkpoint {
    const NAME: &'static str = "checkpoint";
    const PURPOSE: &'static str = "Signs the newest entry of the ledger.";

    fn turn(&mut self, state: &AppState) -> Result<Turn, Failure> {
        let note = match sign(state)? {
            Some(checkpoint) => format!("signed entry {}", checkpoint.seq),
            None => "nothing new to sign".to_owned(),
        };
        Ok(Turn { note, next: CHECKPOINT_EVERY })
    }
}

/// Signs the head unless it is signed already or the ledger is empty.
pub(crate) fn sign(state: &AppState) -> Result<Option<ledger::Checkpoint>, StoreError> {
    let ledger = state.ledger();
    let seq = ledger.head().seq;
    let signed = ledger.checkpoints()?.last().map_or(0, |checkpoint| checkpoint.seq);
    if seq == signed {
        return Ok(None);
    }
    ledger.checkpoint(state.clock().now()).map(Some)
}
