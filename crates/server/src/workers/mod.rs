//! Background work: each worker runs on a timer and on a nudge, takes no input, does the same thing for the
//! same state, and leaves a status on the [`Board`] that the API and the pages show.
//!
//! A worker that fails is tried again at its next turn; it never takes the server down.

pub(crate) mod alerts;
pub(crate) mod apply;
mod board;
mod certificate;
pub(crate) mod checkpoint;
pub(crate) mod deadlines;
pub(crate) mod drift;
mod fleet;
mod follow;
pub(crate) mod leading;
mod maintenance;
pub(crate) mod notify;
pub(crate) mod objectives;
mod playbook;
mod probes;
mod reviews;
mod runner;
mod tail;

use std::sync::Arc;

pub use board::{Board, Phase, WorkerStatus};
use tokio::task::JoinSet;

use crate::AppState;
use crate::certificate::Certificate;
use crate::reader::Reader;

/// The name of the worker for alerts, to wake it.
pub(crate) const ALERTS: &str = <alerts::Alerts as runner::Worker>::NAME;

/// The name of the executor, to wake it.
pub(crate) const APPLY: &str = <apply::Apply as runner::Worker>::NAME;

/// The name of the worker for silences and notices, to wake it.
pub(crate) const MAINTENANCE: &str = <maintenance::Maintenance as runner::Worker>::NAME;

/// The name of the worker that looks for drift, to wake it.
pub(crate) const DRIFT: &str = <drift::Drift as runner::Worker>::NAME;

/// The name of the worker that closes what time and effect have settled, to wake it.
pub(crate) const DEADLINES: &str = <deadlines::Deadlines as runner::Worker>::NAME;

/// The name of the worker that looks at machines, to wake it.
pub(crate) const FLEET: &str = <fleet::Fleet as runner::Worker>::NAME;

/// What wakes the worker that measures budgets.
pub(crate) const OBJECTIVES: &str = <objectives::Objectives as runner::Worker>::NAME;

/// The name of the worker that tells people, to wake it.
pub(crate) const NOTIFY: &str = <notify::Notify as runner::Worker>::NAME;

/// Starts all workers; they end when the server stops.
pub(crate) fn start(
    state: &AppState,
    reader: Reader,
    certificate: Option<Arc<Certificate>>,
) -> JoinSet<()> {
    let mut workers = JoinSet::new();
    if let Some(certificate) = certificate {
        runner::start(&mut workers, state, certificate::Renewal(certificate));
    }
    runner::start(&mut workers, state, tail::Tail::new(state));
    runner::start(&mut workers, state, playbook::Playbook::new(state, reader));
    if let Some(follower) = state.config().remote.follower.clone() {
        runner::start(&mut workers, state, follow::Follow::new(follower));
    }
    if let Some(reviews) = reviews::Reviews::of(state) {
        runner::start(&mut workers, state, reviews);
    }
    runner::start(&mut workers, state, checkpoint::Checkpoint);
    runner::start(&mut workers, state, deadlines::Deadlines);
    runner::start(&mut workers, state, drift::Drift);
    runner::start(&mut workers, state, fleet::Fleet);
    runner::start(&mut workers, state, apply::Apply::default());
    runner::start(&mut workers, state, maintenance::Maintenance);
    runner::start(&mut workers, state, probes::Probes::new(state));
    runner::start(&mut workers, state, objectives::Objectives);
    runner::start(&mut workers, state, alerts::Alerts);
    runner::start(&mut workers, state, notify::Notify::default());
    workers
}
