//! Drift: a plan that nobody asked for, by target.

use std::collections::BTreeMap;

use jiff::Timestamp;
use plan::{Coverage, Observations, Plan};
use schemars::JsonSchema;
use serde::Serialize;

/// How many resources are named of one target; the plan has the rest.
const NAMED: usize = 50;

/// What differs from the playbook, by target.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct DriftView {
    /// When it was computed.
    pub at: Timestamp,
    /// The revision of the playbook that it was held against.
    pub revision: String,
    /// Every target.
    pub targets: Vec<DriftTarget>,
}

/// What differs at one target.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct DriftTarget {
    /// Its name.
    pub target: String,
    /// When it answered.
    pub observed_at: Option<Timestamp>,
    /// Why it is silent, when it is.
    pub silent: Option<String>,
    /// How many resources differ.
    pub differs: u64,
    /// Some of them, with what a plan would do.
    pub resources: Vec<(String, String)>,
    /// How many are left alone, with a reason each in the plan.
    pub held_back: u64,
}

/// The view of a plan that nobody asked for.
pub fn drift(plan: &Plan, observations: &Observations) -> DriftView {
    let mut targets: BTreeMap<String, DriftTarget> = BTreeMap::new();
    for (name, coverage) in observations.coverage() {
        let target = of(&mut targets, name);
        match coverage {
            Coverage::Complete { at } => target.observed_at = Some(*at),
            Coverage::Silent { since, why } => {
                target.observed_at = *since;
                target.silent = Some(why.clone());
            }
        }
    }
    for step in plan.steps() {
        let target = of(&mut targets, &step.resource.target);
        target.differs += 1;
        if target.resources.len() < NAMED {
            target.resources.push((step.resource.to_string(), step.action.word().to_owned()));
        }
    }
    for held in plan.report() {
        of(&mut targets, &held.resource.target).held_back += 1;
    }
    let targets = targets.into_values().collect();
    DriftView { at: plan.at(), revision: plan.revision().to_owned(), targets }
}

fn of<'a>(targets: &'a mut BTreeMap<String, DriftTarget>, name: &str) -> &'a mut DriftTarget {
    let fresh = || DriftTarget { target: name.to_owned(), ..DriftTarget::default() };
    targets.entry(name.to_owned()).or_insert_with(fresh)
}
