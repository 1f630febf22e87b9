//! One machine in a line.

use jiff::Timestamp;
use playbook::Typed;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::kinds::{HardwareModel, Intent, Machine};
use crate::lifecycle::{
    Difference, Power, STALE_AFTER, Sighting, Stage, Stuck, Waiting, differences, judge, unseen,
};

/// One machine in a line: where it stands, how far it is, and what is wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MachineRow {
    /// Its host name.
    pub name: String,
    /// Its site.
    pub site: String,
    /// The rack.
    pub rack: Option<String>,
    /// The lowest unit that it occupies.
    pub unit: Option<u32>,
    /// How many units it is high.
    pub height: u32,
    /// What it is for.
    pub role: String,
    /// Who answers for it, as `team/<name>`.
    pub owner: Option<String>,
    /// How far it is.
    pub stage: Stage,
    /// Whether it is powered.
    pub power: Power,
    /// What it waits for, if it waits.
    pub waits: Option<Waiting>,
    /// Why it will not get on, and what to try.
    pub stuck: Option<Stuck>,
    /// In one word.
    pub health: Health,
    /// What is wrong or strange, in sentences.
    pub problems: Vec<String>,
    /// For how many minutes it has been in its state.
    pub minutes: Option<u64>,
    /// When its provisioner reported it last.
    pub seen_at: Option<Timestamp>,
    /// Whether that is too long ago to believe.
    pub is_stale: bool,
    /// Whether it is a simulation that reported it.
    pub simulated: bool,
}

/// How a machine is, in one word.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Health {
    /// As it should be.
    Good,
    /// On its way, within the time that this takes.
    Busy,
    /// Something needs a person.
    Problem,
    /// Nobody has reported it, or not for long.
    Unseen,
}

/// What is known about a machine besides what it declares.
pub(super) struct Seen<'a> {
    pub(super) sighting: Option<&'a Sighting>,
    /// Whether a provisioner that should know it has answered.
    pub(super) is_answered: bool,
    pub(super) bought: Option<&'a HardwareModel>,
}

pub(super) fn of(machine: Typed<'_, Machine>, seen: &Seen<'_>, now: Timestamp) -> MachineRow {
    let spec = machine.spec;
    let standing = seen.sighting.map(|sighting| judge(sighting, spec.lifecycle, now));
    let seen_at = seen.sighting.map(|sighting| sighting.seen_at);
    let is_stale = seen_at.is_some_and(|at| now.duration_since(at) > STALE_AFTER);
    let stuck = standing.as_ref().and_then(|standing| standing.stuck.clone());
    let waits = standing.as_ref().and_then(|standing| standing.waits);
    let stage = standing.as_ref().map_or_else(|| unseen(spec.lifecycle), |it| it.stage);
    let problems = problems(spec, seen, stuck.as_ref(), stage);
    let health = match () {
        () if !problems.is_empty() => Health::Problem,
        () if is_stale || seen.sighting.is_none() => Health::Unseen,
        () if waits.is_some() => Health::Busy,
        () => Health::Good,
    };
    let since = standing.and_then(|standing| standing.since);
    MachineRow {
        name: machine.name().to_owned(),
        site: spec.site.name().to_owned(),
        rack: spec.rack.clone(),
        unit: spec.unit.as_ref().map(|unit| unit.value),
        height: spec.height,
        role: spec.role.name().to_owned(),
        owner: spec.owner.as_ref().map(|owner| format!("{}/{}", owner.slug(), owner.name())),
        stage,
        power: seen.sighting.map_or(Power::Unknown, |sighting| sighting.power),
        waits,
        stuck,
        health,
        problems,
        minutes: since.and_then(|at| u64::try_from(now.duration_since(at).as_mins()).ok()),
        seen_at,
        is_stale,
        simulated: seen.sighting.is_some_and(|sighting| sighting.simulated),
    }
}

fn problems(spec: &Machine, seen: &Seen<'_>, stuck: Option<&Stuck>, stage: Stage) -> Vec<String> {
    let mut list = Vec::new();
    let Some(sighting) = seen.sighting else {
        let is_expected = match spec.lifecycle {
            Intent::Ready | Intent::InService | Intent::Maintenance => true,
            Intent::Planned | Intent::Racked | Intent::Retired => false,
        };
        if is_expected && seen.is_answered {
            list.push("No provisioner of its site knows it: enrol it, or correct its name, serial number or MAC addresses.".to_owned());
        }
        return list;
    };
    if let Some(stuck) = stuck {
        list.push(format!("Stuck because {}; {}.", stuck.because, stuck.attempt));
    }
    if stage == Stage::Unknown {
        list.push(format!(
            "Its provisioner says `{}`, which this version does not know: look there.",
            sighting.state
        ));
    }
    if spec.lifecycle == Intent::InService
        && stage == Stage::Deployed
        && sighting.power == Power::Off
    {
        list.push("It is meant to work and is powered off.".to_owned());
    }
    if let Some(why) = &sighting.maintenance
        && spec.lifecycle == Intent::InService
    {
        list.push(format!("Its provisioner keeps it out of work: {why}."));
    }
    for difference in parts(seen) {
        let Difference { part, bought, found } = difference;
        list.push(format!("Not as bought: {part}: {found} instead of {bought}."));
    }
    if let (Some(label), Some(board)) = (&spec.serial, &sighting.hardware.serial)
        && !label.value.eq_ignore_ascii_case(board)
    {
        list.push(format!(
            "It reports the serial number `{board}`, and the playbook says `{}`: somebody has swapped machines.",
            label.value
        ));
    }
    list
}

/// The parts that are not as bought.
pub(super) fn parts(seen: &Seen<'_>) -> Vec<Difference> {
    match (seen.bought, seen.sighting) {
        (Some(bought), Some(sighting)) => differences(bought, &sighting.hardware),
        (None, _) | (_, None) => Vec::new(),
    }
}
