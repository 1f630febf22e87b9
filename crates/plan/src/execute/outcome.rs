//! How an execution ended: what is done, what is undone, what is left.

use serde::{Deserialize, Serialize};

use super::progress::{Progress, Standing};
use super::record::JournalError;
use crate::plan::Plan;
use crate::step::StepId;
use crate::target::Fault;
use crate::verify::Drift;

/// How an execution ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// Why it ended.
    pub end: End,
    /// Steps whose effect was observed.
    pub done: Vec<StepId>,
    /// Steps that were tried and whose effect was not observed: they failed, or are in doubt.
    pub undone: Vec<StepId>,
    /// Steps that were never begun.
    pub left: Vec<StepId>,
}

/// Why an execution ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum End {
    /// Every step is done and was observed to be.
    Done,
    /// A step failed; nothing was begun after it.
    Failed {
        /// The step.
        step: StepId,
        /// Why.
        fault: Fault,
    },
    /// The world has moved since the plan was made; nothing was begun.
    Stale(Vec<Drift>),
    /// A target of the plan is not known here; nothing was begun.
    UnknownTarget(String),
    /// Somebody asked to begin nothing more. Going on is safe at any time.
    Stopped,
    /// The journal could not be written or has passed to another executor. What was under way is in doubt until an executor
    /// goes on.
    Interrupted(JournalError),
}

/// The same in a form that can be kept and shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kept {
    /// Done.
    Done,
    /// Undone.
    Undone,
    /// Left.
    Left,
}

impl Outcome {
    /// Sums up how far a plan has come.
    #[must_use]
    pub fn of(plan: &Plan, progress: &Progress, end: End) -> Self {
        let mut outcome = Self { end, done: Vec::new(), undone: Vec::new(), left: Vec::new() };
        for step in plan.steps() {
            // A carried step shares the fate of its carrier.
            let carrier = step.carried_by.unwrap_or(step.id);
            let list = match kept(progress.standing(carrier)) {
                Kept::Done => &mut outcome.done,
                Kept::Undone => &mut outcome.undone,
                Kept::Left => &mut outcome.left,
            };
            list.push(step.id);
        }
        outcome
    }

    /// Says it in one sentence for a person.
    #[must_use]
    pub fn sentence(&self, plan: &Plan) -> String {
        let (done, all) = (self.done.len(), plan.steps().len());
        let so_far = format!(
            "{done} of {all} steps done, {} undone, {} left",
            self.undone.len(),
            self.left.len()
        );
        match &self.end {
            End::Done => format!("All {all} steps are done and were observed to be."),
            End::Failed { step, fault } => {
                let what = plan.step(*step).map_or_else(
                    || step.to_string(),
                    |step| format!("step {} ({} `{}`)", step.id, step.action, step.resource),
                );
                let kind = fault.kind.phrase();
                format!("Stopped at {what}: {kind}: {}. {so_far}.", fault.message)
            }
            End::Stale(drifts) => {
                let first = drifts.first().map_or("", |drift| drift.text.as_str());
                let more = match drifts.len() {
                    0 | 1 => String::new(),
                    count => format!(" (and {} more)", count - 1),
                };
                format!(
                    "The plan is stale: {first}{more}. Nothing was begun; plan again. {so_far}."
                )
            }
            End::UnknownTarget(target) => format!(
                "No target `{target}` is known here; declare it, or plan again. Nothing was begun."
            ),
            End::Stopped => format!("Stopped on request; going on is safe. {so_far}."),
            End::Interrupted(error) => format!(
                "Interrupted: {error}. What was under way is settled when an executor goes on. {so_far}."
            ),
        }
    }
}

/// Where a step belongs in a summary.
#[must_use]
pub fn kept(standing: &Standing) -> Kept {
    match standing {
        Standing::Waiting => Kept::Left,
        Standing::Verified => Kept::Done,
        Standing::Intended { .. } | Standing::Applied { .. } | Standing::Failed { .. } => {
            Kept::Undone
        }
    }
}
