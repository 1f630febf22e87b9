//! Objectives: measures error budgets on a timer, and tells the gate.

use std::time::Duration;

use reliability::slo::budget::Remaining;
use tokio::runtime::Handle;

use super::runner::{Failure, Turn, Worker};
use crate::AppState;
use crate::limits::OBJECTIVES_POLL;
use crate::objectives::Measured;

/// How soon it asks again when nothing is known: somebody is mending Prometheus.
const SOON: Duration = Duration::from_secs(60);

/// The worker.
#[derive(Debug)]
pub(crate) struct Objectives;

impl Worker for Objectives {
    const NAME: &'static str = "objectives";
    const PURPOSE: &'static str = "Measures what is left of error budgets.";

    fn turn(&mut self, state: &AppState) -> Result<Turn, Failure> {
        let look = Handle::current().block_on(async {
            tokio::select! {
                look = state.measure_objectives() => Some(look),
                () = state.stopping().cancelled() => None,
            }
        });
        let Some(look) = look else {
            return Ok(Turn { note: "the server stops".to_owned(), next: SOON });
        };
        let is_known = |one: &&Measured| !matches!(one.budget.remaining, Remaining::Unknown(_));
        let known = look.measured.iter().filter(is_known).count();
        let (note, next) = match (look.measured.len(), known) {
            (0, _) => ("the playbook has no objectives".to_owned(), OBJECTIVES_POLL),
            (all, known) if known == all => (format!("measured {all} budgets"), OBJECTIVES_POLL),
            (all, known) => {
                let why = look.measured.iter().find_map(|one| one.warnings.first());
                let why = why.map(|why| format!(": {why}")).unwrap_or_default();
                (format!("measured {known} of {all} budgets{why}"), SOON)
            }
        };
        Ok(Turn { note, next })
    }
}
