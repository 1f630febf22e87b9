//! What was seen of the targets last: for the gate, which wants to know how old it is, and for the page of drift.
//!
//! It is a memory, not a truth: after a start nothing was seen, and the gate waits for the first look.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use arc_swap::ArcSwapOption;
use gitops::views::{DriftView, drift};
use jiff::Timestamp;
use plan::{Coverage, Observations, Plan};

/// One look at all targets, and the plan that nobody asked for: what would have to be done to make them as the playbook
/// wants them.
#[derive(Clone, Debug)]
pub(crate) struct Look {
    /// What targets said.
    pub(crate) observed: Observations,
    /// What differs. It is shown and never applied.
    pub(crate) plan: Arc<Plan>,
}

/// The last look, and when each target answered last, whoever asked.
#[derive(Debug, Default)]
pub(crate) struct Sight {
    look: ArcSwapOption<Look>,
    answered: Mutex<BTreeMap<String, Timestamp>>,
}

impl Sight {
    /// Takes in a new look.
    pub(crate) fn see(&self, look: Look) {
        self.heard(&look.observed);
        self.look.store(Some(Arc::new(look)));
    }

    /// Notes who answered.
    pub(crate) fn heard(&self, observed: &Observations) {
        let answered = observed.coverage().iter().filter_map(|(name, coverage)| match coverage {
            Coverage::Complete { at } => Some((name.clone(), *at)),
            Coverage::Silent { since, .. } => since.map(|at| (name.clone(), at)),
        });
        let mut known = self.answered();
        for (name, at) in answered {
            let last = known.entry(name).or_insert(at);
            *last = at.max(*last);
        }
    }

    /// The last look; nothing before the first.
    pub(crate) fn last(&self) -> Option<Arc<Look>> {
        self.look.load_full()
    }

    /// When each target answered last.
    pub(crate) fn ages(&self) -> BTreeMap<String, Timestamp> {
        self.answered().clone()
    }

    fn answered(&self) -> MutexGuard<'_, BTreeMap<String, Timestamp>> {
        self.answered.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Look {
    /// Sums up what targets said.
    pub(crate) fn of(observed: Observations, plan: Plan) -> Self {
        Self { observed, plan: Arc::new(plan) }
    }

    /// The look as people see it.
    pub(crate) fn view(&self) -> DriftView {
        drift(&self.plan, &self.observed)
    }
}
