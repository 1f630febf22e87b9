//! The life of a machine in one vocabulary, whoever manages it.
//!
//! ```text
//! planned → racked → enrolled → inspected → ready → deployed → in service → draining → maintenance → retired
//! ```
//!
//! A provisioner reports a [`Sighting`]; [`judge`] says how far the machine is, what it waits for, and why it is stuck when
//! it waits longer than that takes. The words of each provisioner are translated in a module of their own ([`ironic`],
//! [`maas`]).
//!
//! Invariants: every word of every provisioner has an answer, those of versions that do not exist yet included: they are
//! shown as they were said, and nobody guesses. A machine that is stuck has a reason and an advice. Silence is no state: a
//! sighting that is old says so, and what nobody saw is [`Stage::Racked`] at most.
//!
//! Absent on purpose: changing anything, and the time. Now is an argument.

mod advice;
mod hardware;
mod ironic;
mod maas;
mod sighting;
mod stage;
mod waiting;
mod watch;

use jiff::{SignedDuration, Timestamp};

use crate::kinds::{Intent, ProvisionerSoftware};

pub use advice::Stuck;
pub use hardware::{Difference, Hardware, differences};
pub use sighting::{Power, Sighting};
pub use stage::Stage;
pub use waiting::Waiting;
pub use watch::{Look, Watch};

/// How old a sighting may be before it counts as old. Provisioners are asked every minute or oftener; five missed looks
/// are an outage and no hiccup.
pub const STALE_AFTER: SignedDuration = SignedDuration::from_mins(5);

/// How far a machine is, and what holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// How far it is.
    pub stage: Stage,
    /// What it waits for, if it waits.
    pub waits: Option<Waiting>,
    /// Why it will not get on by itself.
    pub stuck: Option<Stuck>,
    /// How long it has been in this state, where its provisioner says so.
    pub since: Option<Timestamp>,
}

/// What a provisioner's word for a state means.
struct Meaning {
    stage: Stage,
    waits: Option<Waiting>,
}

impl Meaning {
    fn rests(stage: Stage) -> Self {
        Self { stage, waits: None }
    }

    fn waits(stage: Stage, waits: Waiting) -> Self {
        Self { stage, waits: Some(waits) }
    }
}

/// Says how far a machine is that nobody has reported: what people say, but never further than its rack.
#[must_use]
pub fn unseen(intent: Intent) -> Stage {
    match intent {
        Intent::Planned => Stage::Planned,
        Intent::Racked | Intent::Ready | Intent::InService | Intent::Maintenance => Stage::Racked,
        Intent::Retired => Stage::Retired,
    }
}

/// Says how far a machine is, what it waits for, and why it is stuck.
#[must_use]
pub fn judge(sighting: &Sighting, intent: Intent, now: Timestamp) -> Standing {
    let meaning = match sighting.software {
        ProvisionerSoftware::Ironic => ironic::meaning(sighting),
        ProvisionerSoftware::Maas => maas::meaning(sighting),
    };
    let Meaning { stage, waits } = meaning;
    let stage = with_intent(stage, intent, sighting);
    let waited = sighting.since.map(|since| now.duration_since(since));
    let stuck = advice::stuck(sighting, waits.as_ref(), waited);
    Standing { stage, waits, stuck, since: sighting.since }
}

/// A provisioner knows what is installed; only people know whether it works, rests or goes.
fn with_intent(stage: Stage, intent: Intent, sighting: &Sighting) -> Stage {
    let is_installed = stage == Stage::Deployed;
    match intent {
        _ if sighting.maintenance.is_some() => Stage::Maintenance,
        Intent::InService if is_installed && sighting.power == Power::On => Stage::InService,
        Intent::Maintenance if is_installed => Stage::Maintenance,
        Intent::Retired if is_installed => Stage::Draining,
        Intent::Planned
        | Intent::Racked
        | Intent::Ready
        | Intent::InService
        | Intent::Maintenance
        | Intent::Retired => stage,
    }
}

#[cfg(test)]
mod tests;
