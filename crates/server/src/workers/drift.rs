//! Drift: looks at every target on a timer, and computes the plan that nobody asked for.
//!
//! It is shown and never applied. A change that waits with a plan that the world has left behind learns of it here, so
//! that nobody approves what would not happen any more.

use std::collections::BTreeMap;
use std::time::Duration;

use gitops::record::Command as Any;
use gitops::record::change::{Command, Stage};
use plan::Observations;
use tokio::runtime::Handle;

use super::runner::{Failure, Turn, Worker};
use crate::AppState;
use crate::changes::{Ask, Look, Wish, look_within};
use crate::limits::DRIFT_POLL;

/// How soon after a look the next one comes at the earliest, whatever the playbook wants: looking costs the targets something.
const SOONEST: Duration = Duration::from_secs(10);

/// The worker.
#[derive(Debug)]
pub(crate) struct Drift;

impl Worker for Drift {
    const NAME: &'static str = "drift";
    const PURPOSE: &'static str = "Looks at the targets and shows what differs from the playbook.";

    fn turn(&mut self, state: &AppState) -> Result<Turn, Failure> {
        let wish = Wish { ask: Ask::Behind, ..Wish::default() };
        let made = Handle::current().block_on(state.plan(&wish));
        let made = made.map_err(|problem| problem.detail().to_owned())?;
        let targets = made.observed.coverage().len();
        let steps = made.plan.steps().len();
        state.keep(&made).map_err(|problem| problem.detail().to_owned())?;
        tell(state, &made.observed);
        let (before, hash) = (state.sight().last(), made.plan.hash());
        state.sight().see(Look::of(made.observed, made.plan));
        // Each look makes a plan; only the last one is ever shown.
        if let Some(before) = before.filter(|before| before.plan.hash() != hash) {
            state.plans().forget(before.plan.hash());
        }
        let note = match (targets, steps) {
            (0, _) => "the playbook has no targets".to_owned(),
            (_, 0) => format!("{targets} targets are as the playbook wants them"),
            _ => format!("{steps} steps would make {targets} targets as the playbook wants them"),
        };
        Ok(Turn { note, next: pause(state) })
    }
}

/// How long until the next look: often enough that the gate never waits for one.
fn pause(state: &AppState) -> Duration {
    let within = look_within(&state.snapshot()).map(|limit| limit.unsigned_abs() / 2);
    within.unwrap_or(DRIFT_POLL).clamp(SOONEST, DRIFT_POLL)
}

/// Tells changes that wait what has moved under their plans.
fn tell(state: &AppState, observed: &Observations) {
    let record = state.record();
    let waits = |stage| matches!(stage, Stage::Planned | Stage::AwaitingApproval | Stage::Approved);
    for (id, change) in record.state.changes.changes.iter().filter(|(_, it)| waits(it.stage)) {
        let Some(plan) = change.plan.as_ref().and_then(|plan| state.plans().load(&plan.hash).ok())
        else {
            continue;
        };
        let mut drifted: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for drift in plan::drift(&plan, |_| true, observed, state.fingerprints()) {
            let target = drifted.entry(drift.resource.target.clone()).or_default();
            target.push(format!("{}/{}", drift.resource.kind, drift.resource.name));
        }
        let command = Any::Change { id: id.clone(), command: Command::Drift { drifted } };
        // Nothing new is its usual answer.
        if let Err(problem) = state.perform_itself(command) {
            tracing::trace!(change = id, detail = problem.detail(), "no drift to tell");
        }
    }
}
