//! What was seen of the targets last: for the gate, which wants to know how old it is, and for the page of drift.
//!
//! It is a memory, not a truth: after a start nothing was seen, and the gate waits for the first look.

use std::collections::BTreeMap;
use std::sync::Arc;

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

/// The last look.
#[derive(Debug, Default)]
pub(crate) struct Sight(ArcSwapOption<Look>);

impl Sight {
    /// Takes in a new look.
    pub(crate) fn see(&self, look: Look) {
        self.0.store(Some(Arc::new(look)));
    }

    /// The last look; nothing before the first.
    pub(crate) fn last(&self) -> Option<Arc<Look>> {
        self.0.load_full()
    }

    /// When each target answered last.
    pub(crate) fn ages(&self) -> BTreeMap<String, Timestamp> {
        let Some(look) = self.last() else { return BTreeMap::new() };
        let answered = |(name, coverage): (&String, &Coverage)| match coverage {
            Coverage::Complete { at } => Some((name.clone(), *at)),
            Coverage::Silent { since, .. } => since.map(|at| (name.clone(), at)),
        };
        look.observed.coverage().iter().filter_map(answered).collect()
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
