//! The executor: carries out every change that somebody has begun to apply, and goes on with those that a crash cut short.
//!
//! Changes run side by side, each under a lease of its own; what they do is in their streams. A turn starts those that do
//! not run yet, and lasts no longer.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use super::runner::{Failure, Turn, Worker};
use crate::AppState;
use crate::changes::{apply, under_way};
use crate::limits::MAX_APPLYING;

/// How often it looks without being woken: a change whose executor died waits for the end of its lease.
const POLL: Duration = Duration::from_secs(10);

/// The worker.
#[derive(Debug, Default)]
pub(crate) struct Apply {
    running: Arc<Mutex<BTreeSet<String>>>,
}

impl Worker for Apply {
    const NAME: &'static str = "apply";
    const PURPOSE: &'static str = "Carries out the changes that somebody has begun to apply.";

    fn turn(&mut self, state: &AppState) -> Result<Turn, Failure> {
        for change in under_way(state) {
            let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
            if running.len() >= MAX_APPLYING || !running.insert(change.clone()) {
                continue;
            }
            drop(running);
            state.applying().spawn(run(state.clone(), change, self.running.clone()));
        }
        let running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        let note = match running.len() {
            0 => "nothing is being applied".to_owned(),
            _ => format!("applies {}", running.iter().cloned().collect::<Vec<_>>().join(", ")),
        };
        Ok(Turn { note, next: POLL })
    }
}

async fn run(state: AppState, change: String, running: Arc<Mutex<BTreeSet<String>>>) {
    match apply(&state, &change).await {
        Ok(said) => tracing::info!(change, said, "an executor has ended"),
        Err(problem) => tracing::warn!(change, why = problem.detail(), "a change was not applied"),
    }
    running.lock().unwrap_or_else(PoisonError::into_inner).remove(&change);
    state.board().nudge(super::DRIFT);
    // Whoever looks at the machines now wants to see what was done to them.
    state.board().nudge(super::FLEET);
    state.board().nudge(super::DEADLINES);
    state.board().nudge(super::MAINTENANCE);
}
