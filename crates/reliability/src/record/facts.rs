//! What `decide` is told about the world.

use std::collections::BTreeSet;

use governance::Refusal;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use org::Roster;
use org::kinds::Organization;
use playbook::Model;

use super::State;

/// Who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Actor<'a> {
    /// A person, by name.
    Person(&'a str),
    /// Council itself: an alert that became an incident.
    Council,
}

impl<'a> Actor<'a> {
    /// The name that entries carry.
    pub fn name(self) -> &'a str {
        match self {
            Self::Person(name) => name,
            Self::Council => "council",
        }
    }
}

/// The playbook, the record so far, the moment, and who asks.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// The playbook.
    pub model: &'a Model,
    /// What happened in this room so far.
    pub record: &'a State,
    /// What governance recorded: actions.
    pub governance: &'a governance::State,
    /// The changes that are verified, by id.
    pub verified_changes: &'a BTreeSet<String>,
    /// The moment.
    pub now: Timestamp,
    /// Who asks.
    pub actor: Actor<'a>,
}

/// The organization's time zone; UTC when the playbook names none that exists.
pub(crate) fn time_zone(model: &Model) -> TimeZone {
    let named = model.all::<Organization>().next();
    named.and_then(|found| TimeZone::get(&found.time_zone).ok()).unwrap_or(TimeZone::UTC)
}

impl<'a> Facts<'a> {
    /// The day in the organization's time zone.
    pub fn today(&self) -> Date {
        self.now.to_zoned(time_zone(self.model)).date()
    }

    /// Refuses a person who does not work here today.
    pub(crate) fn works_here(&self, person: &str) -> Result<(), Refusal> {
        if Roster::new(self.model, self.today()).works_here(person) {
            return Ok(());
        }
        Err(Refusal::new("not-here", format!("`{person}` does not work here today"))
            .passes_if("it is somebody who does"))
    }

    /// The person who asks; refuses council itself and whoever does not work here.
    pub(crate) fn person(&self) -> Result<&'a str, Refusal> {
        match self.actor {
            Actor::Person(name) => self.works_here(name).map(|()| name),
            Actor::Council => Err(Refusal::new("needs-a-person", "a person has to do this")
                .passes_if("somebody who works here does it")),
        }
    }
}
