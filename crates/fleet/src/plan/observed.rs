//! What a provisioner said, as observations of resources.

use plan::{Fields, Marks, Observations, Observed, ResourceId};
use serde_json::{Value, json};

use super::{ENROLMENT, INSTALLATION, READINESS, Wanted};
use crate::kinds::Intent;
use crate::lifecycle::{Look, Power, Sighting, Stage, Watch, differences, judge};
use crate::views::Matching;

/// Says what is there of the machines that a provisioner should manage.
#[must_use]
pub fn observe(
    provisioner: &str,
    machines: &[Wanted],
    sightings: Vec<Sighting>,
    at: jiff::Timestamp,
) -> Observations {
    let look = Look { seen_at: Some(at), sightings, ..Look::default() };
    let watch = Watch { looks: [(provisioner.to_owned(), look)].into() };
    let mut matching = Matching::new(&watch);
    let mut observed = Observations::complete(provisioner, at);
    for machine in machines {
        // A machine that nobody should touch yet is none of ours: what is listed and not wanted would be destroyed.
        let sighting = matching.find(
            &machine.name,
            (machine.serial.as_deref(), &machine.macs),
            &[provisioner],
        );
        match machine.intent {
            Intent::Planned | Intent::Racked => {}
            Intent::Ready | Intent::InService | Intent::Maintenance | Intent::Retired => {
                for (kind, seen) in facts(machine, sighting, at) {
                    // Who retires a machine wants it out of the pool, and its provisioner has no step for that.
                    if machine.intent == Intent::Retired && kind == READINESS {
                        continue;
                    }
                    let id = ResourceId::new(provisioner, kind, &machine.name);
                    observed.mark(id.clone(), marks(machine, provisioner, kind));
                    observed.insert(id, seen);
                }
            }
        }
    }
    observed
}

/// Finds one machine among what its provisioner lists.
#[must_use]
pub fn find(provisioner: &str, machine: &Wanted, sightings: Vec<Sighting>) -> Option<Sighting> {
    let look = Look { sightings, ..Look::default() };
    let watch = Watch { looks: [(provisioner.to_owned(), look)].into() };
    let who = (machine.serial.as_deref(), &*machine.macs);
    Matching::new(&watch).find(&machine.name, who, &[provisioner]).cloned()
}

fn marks(machine: &Wanted, provisioner: &str, kind: &str) -> Marks {
    let mut marks = machine.marks();
    let on = match kind {
        INSTALLATION => Some(READINESS),
        READINESS => Some(ENROLMENT),
        _ => None,
    };
    if kind == ENROLMENT {
        marks.restorable = true;
    }
    marks.disruptive = kind == INSTALLATION;
    if machine.intent == Intent::Retired && kind == INSTALLATION {
        // There is no readiness between the two any more.
        marks.depends_on.insert(ResourceId::new(provisioner, ENROLMENT, &machine.name));
    } else {
        marks.depends_on.extend(on.map(|on| ResourceId::new(provisioner, on, &machine.name)));
    }
    marks
}

/// The three resources of a machine, as its provisioner shows it.
fn facts(
    machine: &Wanted,
    sighting: Option<&Sighting>,
    at: jiff::Timestamp,
) -> Vec<(&'static str, Observed)> {
    let absent = || Observed::Absent { at };
    let Some(sighting) = sighting else {
        return vec![(ENROLMENT, absent()), (READINESS, absent()), (INSTALLATION, absent())];
    };
    let known = |fields: Fields| Observed::Known { fields, at };
    let standing = judge(sighting, machine.intent, at);
    if standing.stage == Stage::Unknown {
        let why = format!(
            "its provisioner says `{}`, which this version does not know; look there",
            sighting.state
        );
        let unknown = || Observed::Unknown { since: sighting.since, why: why.clone() };
        return vec![(ENROLMENT, unknown()), (READINESS, unknown()), (INSTALLATION, unknown())];
    }
    let rests = rests(sighting);
    let moving = || Observed::Unknown {
        since: sighting.since,
        why: match (&standing.stuck, standing.waits) {
            (Some(stuck), _) => format!("stuck because {}; {}", stuck.because, stuck.attempt),
            (None, Some(waits)) => {
                format!("`{}`: it waits for {}", sighting.state, waits.words())
            }
            (None, None) => format!("it is on its way, in the state `{}`", sighting.state),
        },
    };
    // Nobody forgets a machine while something goes on there.
    let is_busy = machine.intent == Intent::Retired && rests == Rests::OnItsWay;
    let enrolment = if is_busy { moving() } else { known(enrolment(machine, sighting)) };
    let readiness = match rests {
        Rests::Bare => absent(),
        Rests::Ready | Rests::Installed => known(readiness(machine, sighting)),
        Rests::OnItsWay => moving(),
    };
    let installation = match rests {
        Rests::Bare | Rests::Ready => absent(),
        Rests::Installed => known(installation(sighting)),
        Rests::OnItsWay => moving(),
    };
    vec![(ENROLMENT, enrolment), (READINESS, readiness), (INSTALLATION, installation)]
}

fn enrolment(machine: &Wanted, sighting: &Sighting) -> Fields {
    let reachable = sighting.state != "enroll" && sighting.state != "verifying";
    let mut fields = Fields::from([("reachable".to_owned(), json!(reachable))]);
    if machine.keeps_maintenance() {
        fields.insert("maintenance".to_owned(), json!(sighting.maintenance.is_some()));
    }
    fields
}

fn readiness(machine: &Wanted, sighting: &Sighting) -> Fields {
    let parts = machine.bought.as_ref().map(|bought| differences(bought, &sighting.hardware));
    let parts: Vec<String> = parts
        .into_iter()
        .flatten()
        .map(|it| format!("{}: {} instead of {}", it.part, it.found, it.bought))
        .collect();
    if parts.is_empty() {
        return Fields::new();
    }
    Fields::from([("differs".to_owned(), json!(parts.join(", ")))])
}

fn installation(sighting: &Sighting) -> Fields {
    let power = match sighting.power {
        Power::On => json!("on"),
        Power::Off => json!("off"),
        Power::Unknown => Value::Null,
    };
    // An image that is to be written stands there before it is.
    let is_whole = !matches!(sighting.state.as_str(), "deploy failed" | "Failed deployment");
    let image = installed_image(sighting).filter(|_| is_whole);
    let image = image.map_or(Value::Null, Value::from);
    Fields::from([("image".to_owned(), image), ("power".to_owned(), power)])
}

/// What is installed, without the word with which MAAS begins all images that are not its own.
pub(super) fn installed_image(sighting: &Sighting) -> Option<&str> {
    sighting.image.as_deref().map(|image| image.strip_prefix("custom ").unwrap_or(image))
}

/// Where a machine rests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rests {
    /// Known, and no more: not inspected, not clean, or what was tried failed.
    Bare,
    /// Free to be installed.
    Ready,
    /// Installed, or not cleanly taken off.
    Installed,
    /// In a step that its provisioner has begun.
    OnItsWay,
}

/// Says where a machine rests, by the words of its provisioner.
pub(super) fn rests(sighting: &Sighting) -> Rests {
    match sighting.state.as_str() {
        "enroll" | "manageable" | "inspect failed" | "adopt failed" | "clean failed" => Rests::Bare,
        "New" | "Failed commissioning" | "Failed testing" | "Broken" | "Missing" => Rests::Bare,
        "available" | "Ready" | "Reserved" | "Allocated" => Rests::Ready,
        // What was written half has to be taken off before it is written again.
        "deploy failed" | "Failed deployment" => Rests::Installed,
        "active" | "error" | "rescue" | "rescue failed" | "service failed" | "unrescue failed" => {
            Rests::Installed
        }
        "Deployed" | "Releasing failed" | "Failed disk erasing" | "Rescue mode" => Rests::Installed,
        // Everything else is on its way; what this version does not know was found out before.
        _ => Rests::OnItsWay,
    }
}
