//! The tail: takes new entries of the ledger into the record.
//!
//! Requests that write do the same for themselves, to read their own write; this worker makes sure that
//! nothing waits for the next request, and that entries of another process arrive at all.

use std::time::Duration;

use super::NOTIFY;
use super::deadlines::Deadlines;
use super::runner::{Failure, Turn, Worker};
use crate::AppState;

/// How often it looks without being woken; a lost wake-up must not last.
const POLL: Duration = Duration::from_secs(5);

/// The worker. While it lives, appends wake it.
pub(crate) struct Tail {
    _watch: ledger::Watch,
}

impl Tail {
    /// Registers to be woken by each append.
    pub(crate) fn new(state: &AppState) -> Self {
        let weak = state.downgrade();
        let watch = state.ledger().on_append(move |_| {
            if let Some(state) = weak.upgrade() {
                state.board().nudge(Self::NAME);
            }
        });
        Self { _watch: watch }
    }
}

impl Worker for Tail {
    const NAME: &'static str = "tail";
    const PURPOSE: &'static str = "Takes new entries of the ledger into the record.";

    fn turn(&mut self, state: &AppState) -> Result<Turn, Failure> {
        if state.keeper().catch_up()? > 0 {
            // A new proposal may have the earliest deadline of all.
            state.board().nudge(Deadlines::NAME);
            // What another council wants told is told by whoever leads, and it may be this one.
            if state.ledger().is_shared() {
                state.board().nudge(NOTIFY);
            }
        }
        let seq = state.record().head.seq;
        Ok(Turn { note: format!("the record contains entry {seq}"), next: POLL })
    }
}
