//! Machines as resources of a plan: what the playbook wants of each, held against what its provisioner says.
//!
//! A provisioner is a target, and each machine that the playbook gives to it is up to three resources there, one on top of
//! the other: its *enrolment* (the provisioner knows it and reaches its controller), its *readiness* (inspected, as bought,
//! clean, free) and its *installation* (the image of its role, powered). The lifecycle intent says how many of them should
//! be. What comes out are plain [`::plan::Desired`] and [`Observations`]: who plans, approves, orders and
//! resumes is the engine of all other changes.
//!
//! Invariants:
//! * A machine that no provisioner lists is not made and installed in one go: what is on it is not known before it was
//!   inspected. A machine in a state between two, or in one that this version does not know, is unknown, so that nothing is
//!   made or destroyed there.
//! * Only `lifecycle: retired` or `ready` takes an installation away. A machine that leaves the playbook is left alone, and so
//!   is everything that the playbook does not declare.
//! * A machine is recognized by serial number and MAC address, so that one with a new name is the same machine.
//! * What takes an installation away, or writes over it, cannot be taken back, and says so.
//!
//! Absent on purpose: the time that a step takes, tries and records. [`moves`] says one move at a time, and whoever makes
//! it may be killed between any two.

mod deed;
pub mod moves;
mod observed;
mod wanted;

use std::collections::{BTreeMap, BTreeSet};

use plan::{Action, Desired, Held, Marks, Observations, Observed, Reason, ResourceId};
use serde_json::Value;

use crate::kinds::Intent;

pub use deed::Deed;
pub use observed::{find, observe};
pub use wanted::{Wanted, image_of, provisioner_of, wanted};

/// The resource: its provisioner knows it.
pub const ENROLMENT: &str = "enrolment";
/// The resource: it is as bought, clean and free to be installed.
pub const READINESS: &str = "readiness";
/// The resource: it has the image of its role.
pub const INSTALLATION: &str = "installation";

/// What should be of the machines of a provisioner, and what is left alone whatever the difference.
#[derive(Clone, Debug, Default)]
pub struct Wish {
    /// The resources.
    pub desired: Vec<Desired>,
    /// What is held back, and why.
    pub held: Vec<Held>,
}

/// Says what should be at a provisioner, knowing what is.
#[must_use]
pub fn desired(provisioner: &str, machines: &[Wanted], observed: &Observations) -> Wish {
    let mut wish = Wish::default();
    for machine in machines {
        let id = |kind: &str| ResourceId::new(provisioner, kind, &machine.name);
        match machine.intent {
            // Not here yet, not to be touched yet, or on its way out: nothing is wanted.
            Intent::Planned | Intent::Racked | Intent::Retired => {}
            Intent::Ready => {
                wish.desired.push(enrolment(machine, id(ENROLMENT)));
                wish.desired.push(readiness(machine, (id(READINESS), id(ENROLMENT))));
            }
            Intent::InService => {
                wish.desired.push(enrolment(machine, id(ENROLMENT)));
                wish.desired.push(readiness(machine, (id(READINESS), id(ENROLMENT))));
                installation(machine, provisioner, observed, &mut wish);
            }
            Intent::Maintenance => rest(machine, provisioner, observed, &mut wish),
        }
    }
    roll(machines, observed, &mut wish.desired);
    wish
}

fn enrolment(machine: &Wanted, id: ResourceId) -> Desired {
    let mut desired = Desired::new(id).field("reachable", true);
    if machine.keeps_maintenance() {
        desired = desired.field("maintenance", machine.intent == Intent::Maintenance);
    }
    // Its record can be made again; what is on its disks is another resource.
    desired.marks = Marks { restorable: true, disruptive: false, ..machine.marks() };
    desired
}

fn readiness(machine: &Wanted, (id, on): (ResourceId, ResourceId)) -> Desired {
    let mut desired = Desired::new(id);
    desired.marks = Marks { disruptive: false, ..machine.marks() };
    desired.after(on)
}

/// What should be installed; what stands in the way of it is held, and what is there stays as it is meanwhile.
fn installation(machine: &Wanted, provisioner: &str, observed: &Observations, wish: &mut Wish) {
    let id = |kind: &str| ResourceId::new(provisioner, kind, &machine.name);
    let there = known(observed, &id(INSTALLATION));
    let mut desired = Desired::new(id(INSTALLATION));
    desired.marks = machine.marks();
    desired.replace_on = BTreeSet::from(["image".to_owned()]);
    desired = desired.after(id(READINESS));
    let obstacle = obstacle(machine, known(observed, &id(READINESS)), there);
    if let Some((would, text)) = obstacle {
        let reason = Reason::Unfit;
        wish.held.push(Held { resource: id(INSTALLATION), would: Some(would), reason, text });
        if let Some(there) = there {
            keep(&mut desired, there);
            wish.desired.push(desired);
        }
        return;
    }
    if let Some(image) = &machine.image {
        desired = desired.field("image", image.as_str());
    }
    // A controller that does not say whether there is power is a problem of its own, and no reason to switch.
    if there.is_none_or(|there| there.get("power").is_some_and(|power| !power.is_null())) {
        desired = desired.field("power", "on");
    }
    wish.desired.push(desired);
}

/// Why a machine is not installed now although it should be, and what would be done.
fn obstacle(
    machine: &Wanted,
    readiness: Option<&BTreeMap<String, Value>>,
    there: Option<&BTreeMap<String, Value>>,
) -> Option<(Action, String)> {
    let name = &machine.name;
    let same = |there: &BTreeMap<String, Value>| {
        let image = machine.image.as_deref();
        image.is_none() || there.get("image").and_then(Value::as_str) == image
    };
    let would = match there {
        Some(there) if same(there) => return None,
        Some(_) => Action::Replace,
        None => Action::Create,
    };
    if machine.image.is_none() {
        let text = format!(
            "`{name}` is to be installed, and its role `{}` has no image; name one there",
            machine.role
        );
        return Some((would, text));
    }
    let Some(readiness) = readiness else {
        let text = format!(
            "`{name}` is not ready yet, so nobody knows what it consists of and what is on it; make it ready, \
             then plan again"
        );
        return Some((would, text));
    };
    let differs = readiness.get("differs").and_then(Value::as_str)?;
    let text = format!(
        "`{name}` is not as bought ({differs}); mend it and inspect it again, or correct its hardware model"
    );
    Some((would, text))
}

/// A machine out of work: everything stays as it is, and its provisioner is told not to touch it.
fn rest(machine: &Wanted, provisioner: &str, observed: &Observations, wish: &mut Wish) {
    let id = |kind: &str| ResourceId::new(provisioner, kind, &machine.name);
    if known(observed, &id(ENROLMENT)).is_some() {
        wish.desired.push(enrolment(machine, id(ENROLMENT)));
    }
    for (kind, on) in [(READINESS, ENROLMENT), (INSTALLATION, READINESS)] {
        if let Some(there) = known(observed, &id(kind)) {
            let mut desired = Desired::new(id(kind)).after(id(on));
            desired.marks.labels = machine.marks().labels;
            keep(&mut desired, there);
            wish.desired.push(desired);
        }
    }
}

/// Wants what is there, so that nothing is done about it.
fn keep(desired: &mut Desired, there: &BTreeMap<String, Value>) {
    let values = there.iter().filter(|(_, value)| !value.is_null());
    desired.fields = values.map(|(name, value)| (name.clone(), value.clone())).collect();
}

/// Chains what would be written over, role by role: rack after rack, and one machine after the other, so that a role never
/// loses more than one at a time and an image that does not work stops at the first.
fn roll(machines: &[Wanted], observed: &Observations, desired: &mut [Desired]) {
    let by_name: BTreeMap<&str, &Wanted> =
        machines.iter().map(|machine| (machine.name.as_str(), machine)).collect();
    let mut rolls: BTreeMap<(String, String), Vec<(String, usize)>> = BTreeMap::new();
    for (place, one) in desired.iter().enumerate().filter(|(_, one)| one.id.kind == INSTALLATION) {
        let Some(machine) = by_name.get(one.id.name.as_str()) else { continue };
        let is_written_over = known(observed, &one.id).is_some_and(|there| {
            one.fields.get("image").is_some_and(|image| there.get("image") != Some(image))
        });
        if is_written_over {
            let key = (machine.site.clone(), machine.role.clone());
            rolls.entry(key).or_default().push((machine.domain(), place));
        }
    }
    for mut roll in rolls.into_values() {
        roll.sort();
        for pair in roll.windows(2) {
            let [(_, first), (_, then)] = pair else { continue };
            let first = desired[*first].id.clone();
            desired[*then].marks.depends_on.insert(first);
        }
    }
}

fn known<'a>(observed: &'a Observations, id: &ResourceId) -> Option<&'a BTreeMap<String, Value>> {
    match observed.get(id) {
        Some(Observed::Known { fields, .. }) => Some(fields),
        Some(Observed::Absent { .. } | Observed::Unknown { .. }) | None => None,
    }
}

#[cfg(test)]
mod tests;
