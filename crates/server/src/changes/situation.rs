//! The situation: what the gate is told about the services themselves, error budgets and open incidents.
//!
//! Whoever measures budgets and keeps incidents says here what stands; the gate reads it whenever it judges. What nobody
//! has said is unknown, and unknown never counts as good.
//!
//! It is a memory, not a truth: after a start nothing is known until the first one speaks, and each saying replaces the
//! whole of what was said before, so that nothing has to be taken back.

use std::collections::BTreeMap;
use std::sync::Arc;

use arc_swap::ArcSwap;
use gitops::gate::{Budget, GateFacts, OpenIncident};

/// What is known of budgets and incidents.
#[derive(Debug, Default)]
pub struct Situation {
    budgets: ArcSwap<BTreeMap<String, Budget>>,
    incidents: ArcSwap<Vec<OpenIncident>>,
}

impl Situation {
    /// Says what is left of every error budget, by the service's name.
    pub fn measure(&self, budgets: BTreeMap<String, Budget>) {
        self.budgets.store(Arc::new(budgets));
    }

    /// Says which incidents are open.
    pub fn report(&self, incidents: Vec<OpenIncident>) {
        self.incidents.store(Arc::new(incidents));
    }

    /// Tells the gate.
    pub(super) fn tell(&self, facts: &mut GateFacts) {
        facts.budgets = BTreeMap::clone(&self.budgets.load());
        facts.incidents = Vec::clone(&self.incidents.load());
    }
}
