//! Small words for tests: a time, resources, what a target says, and an estate on which steps are carried out.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::observed::{Observations, Observed};
use crate::plan::Plan;
use crate::planner::PAYLOAD_FIELD;
use crate::resource::{Desired, Fields, Marks, ResourceId};
use crate::step::{Action, Step};

pub(crate) fn noon() -> Timestamp {
    "2026-11-22T12:00:00Z".parse().unwrap()
}

/// `lab/vlan/<name>`.
pub(crate) fn vlan(name: &str) -> ResourceId {
    ResourceId::new("lab", "vlan", name)
}

pub(crate) fn desired(name: &str, mtu: u32) -> Desired {
    Desired::new(vlan(name)).field("mtu", mtu)
}

/// An estate: what is, by resource.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Estate {
    pub(crate) resources: BTreeMap<ResourceId, Fields>,
    pub(crate) marks: BTreeMap<ResourceId, Marks>,
}

impl Estate {
    /// `lab` with these VLANs.
    pub(crate) fn of(vlans: &[(&str, u32)]) -> Self {
        let resources = vlans
            .iter()
            .map(|(name, mtu)| (vlan(name), Fields::from([("mtu".to_owned(), (*mtu).into())])));
        Self { resources: resources.collect(), marks: BTreeMap::new() }
    }

    /// What every one of `targets` says, completely, at noon.
    pub(crate) fn observe(&self, targets: &[&str]) -> Observations {
        let mut observations = Observations::new();
        for target in targets {
            observations.extend(Observations::complete(*target, noon()));
        }
        for (id, fields) in &self.resources {
            if targets.contains(&id.target.as_str()) {
                let fields = fields.clone();
                observations.insert(id.clone(), Observed::Known { fields, at: noon() });
            }
        }
        for (id, marks) in &self.marks {
            observations.mark(id.clone(), marks.clone());
        }
        observations
    }

    /// Carries a step out, as a system would that does what it is told.
    pub(crate) fn carry_out(&mut self, step: &Step) {
        match step.action {
            Action::Destroy => {
                self.resources.remove(&step.resource);
                self.marks.remove(&step.resource);
            }
            Action::Create | Action::Replace | Action::Update | Action::Run => {
                let fields = self.resources.entry(step.resource.clone()).or_default();
                for change in &step.fields {
                    match &change.after {
                        Some(value) => fields.insert(change.name.clone(), value.clone()),
                        None => fields.remove(&change.name),
                    };
                }
                if let Some(payload) = step.payload {
                    fields.insert(PAYLOAD_FIELD.to_owned(), payload.to_string().into());
                }
            }
        }
    }

    pub(crate) fn carry_out_all(&mut self, plan: &Plan) {
        for step in plan.steps() {
            self.carry_out(step);
        }
    }
}

/// A plan as lines: steps, then what is held.
pub(crate) fn lines(plan: &Plan) -> String {
    let mut text = String::new();
    for step in plan.steps() {
        let after: Vec<String> = step.depends_on.iter().map(ToString::to_string).collect();
        let after =
            if after.is_empty() { String::new() } else { format!(" after {}", after.join(" ")) };
        text.push_str(&format!("{} {} {}{after}\n", step.id, step.action, step.resource));
        for change in &step.fields {
            let show = |value: &Option<serde_json::Value>| {
                value.as_ref().map_or_else(|| "unset".to_owned(), ToString::to_string)
            };
            let (before, after) = (show(&change.before), show(&change.after));
            text.push_str(&format!("   {}: {before} -> {after}\n", change.name));
        }
    }
    for held in plan.report() {
        text.push_str(&format!("held {} {:?}: {}\n", held.resource, held.reason, held.text));
    }
    text
}
