//! One move at a time from where a machine is to where it should be.
//!
//! [`next`] is asked again and again, with what the provisioner says now and with what was asked for already in this try.
//! It holds nothing: an executor that dies between two moves goes on from what the next one sees. What was asked for and
//! led back to where it began has failed, and is not asked for a second time.

mod ironic;
mod maas;

use std::collections::BTreeSet;

use super::Wanted;
use crate::kinds::ProvisionerSoftware;
use crate::lifecycle::{Power, Sighting, differences};

/// Where a machine should get.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Goal {
    /// Its provisioner knows it and has reached its controller.
    Enrolled,
    /// Inspected, as bought, clean and free.
    Ready,
    /// Inspected once more.
    Inspected,
    /// Installed with the image that it should have.
    Installed,
    /// Nothing is installed, and its disks were erased.
    Free,
    /// Its provisioner has forgotten it.
    Gone,
    /// Powered, or not.
    Powered(bool),
    /// Switched off and on again, once.
    Reset,
    /// Kept out of work, or not.
    Kept(bool),
}

/// What a provisioner can be asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verb {
    /// Take the machine in.
    Enrol,
    /// Try its controller and manage it; from the pool, take it out of there.
    Manage,
    /// Look at its hardware.
    Inspect,
    /// Clean it and put it into the pool.
    Provide,
    /// Write the image.
    Deploy,
    /// Take the instance off, and erase its disks.
    Release,
    /// Forget the machine.
    Forget,
    /// Switch it on.
    PowerOn,
    /// Switch it off.
    PowerOff,
    /// Switch it off and on.
    Reset,
    /// Keep it out of work.
    Keep,
    /// Let it work again.
    Unkeep,
}

/// What to do now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Move {
    /// Ask for this, and look again.
    Ask(Verb),
    /// Something is under way: look again later.
    Wait,
    /// It is there.
    Done,
    /// It will not get there: what happened, and what a person can do.
    Stop(String),
}

/// Says the next move.
#[must_use]
pub fn next(
    goal: Goal,
    machine: &Wanted,
    sighting: Option<&Sighting>,
    asked: &BTreeSet<Verb>,
) -> Move {
    let Some(seen) = sighting else {
        return match goal {
            Goal::Gone | Goal::Free => Move::Done,
            Goal::Enrolled | Goal::Ready if !asked.contains(&Verb::Enrol) => Move::Ask(Verb::Enrol),
            Goal::Enrolled
            | Goal::Ready
            | Goal::Inspected
            | Goal::Installed
            | Goal::Powered(_)
            | Goal::Reset
            | Goal::Kept(_) => Move::Stop(format!(
                "its provisioner does not list `{}` any more; look there, or enrol it again",
                machine.name
            )),
        };
    };
    let turn = Turn { machine, seen, asked };
    match goal {
        Goal::Powered(on) => turn.power(on),
        Goal::Reset => turn.once(Verb::Reset),
        Goal::Kept(true) if seen.maintenance.is_some() => Move::Done,
        Goal::Kept(false) if seen.maintenance.is_none() => Move::Done,
        Goal::Kept(true) => turn.ask(Verb::Keep),
        Goal::Kept(false) => turn.ask(Verb::Unkeep),
        Goal::Enrolled
        | Goal::Ready
        | Goal::Inspected
        | Goal::Installed
        | Goal::Free
        | Goal::Gone => match seen.software {
            ProvisionerSoftware::Ironic => ironic::next(goal, &turn),
            ProvisionerSoftware::Maas => maas::next(goal, &turn),
        },
    }
}

/// One question: whose machine, what is seen, what was asked for.
struct Turn<'a> {
    machine: &'a Wanted,
    seen: &'a Sighting,
    asked: &'a BTreeSet<Verb>,
}

impl Turn<'_> {
    fn has_asked(&self, verb: Verb) -> bool {
        self.asked.contains(&verb)
    }

    /// Asks for something that was not asked for yet; what came back to where it began has failed.
    fn ask(&self, verb: Verb) -> Move {
        if self.has_asked(verb) { self.failed() } else { Move::Ask(verb) }
    }

    /// Asks for something whose effect nobody can see.
    fn once(&self, verb: Verb) -> Move {
        if self.has_asked(verb) { Move::Done } else { Move::Ask(verb) }
    }

    fn power(&self, on: bool) -> Move {
        let (verb, wanted) =
            if on { (Verb::PowerOn, Power::On) } else { (Verb::PowerOff, Power::Off) };
        if self.seen.power == wanted {
            Move::Done
        } else if self.has_asked(verb) {
            Move::Wait
        } else {
            Move::Ask(verb)
        }
    }

    fn failed(&self) -> Move {
        let said = match &self.seen.last_error {
            Some(error) => format!(": {error}"),
            None => ", and says nothing about why".to_owned(),
        };
        self.stop(&format!("its provisioner left it in the state `{}`{said}", self.seen.state))
    }

    fn stop(&self, why: &str) -> Move {
        Move::Stop(format!("`{}` does not get on: {why}", self.machine.name))
    }

    /// What keeps the machine from being handed out.
    fn unlike_bought(&self) -> Option<Move> {
        let bought = self.machine.bought.as_ref()?;
        let parts = differences(bought, &self.seen.hardware);
        let parts: Vec<String> = parts
            .into_iter()
            .map(|it| format!("{}: {} instead of {}", it.part, it.found, it.bought))
            .collect();
        (!parts.is_empty()).then(|| {
            self.stop(&format!(
                "it is not as bought ({}); mend it and inspect it again, or correct its hardware model",
                parts.join(", ")
            ))
        })
    }

    /// Whether it has the image that it should have.
    fn has_image(&self) -> bool {
        let image = super::observed::installed_image(self.seen);
        self.machine.image.is_none() || image == self.machine.image.as_deref()
    }
}
