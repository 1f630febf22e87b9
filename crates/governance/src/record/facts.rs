//! What `decide` is told about the world.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use org::Roster;
use org::kinds::{Office, Organization, Person, Seat};
use playbook::{Model, Ref, Typed};

use super::{Refusal, State};

/// The actor of what the council's own clock brings, such as the end of a decision whose review is overdue. No person
/// can have this name, because names hold no brackets.
pub const ITSELF: &str = "(council)";

/// The playbook, the record so far, the moment, and who asks.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// The playbook.
    pub model: &'a Model,
    /// Everything that happened so far.
    pub record: &'a State,
    /// The moment.
    pub now: Timestamp,
    /// The name of the person who asks, such as `ana`; [`ITSELF`] where nobody does.
    pub actor: &'a str,
}

/// The organization's time zone; UTC when the playbook names none that exists.
pub fn time_zone(model: &Model) -> TimeZone {
    let named = model.all::<Organization>().next();
    named.and_then(|found| TimeZone::get(&found.time_zone).ok()).unwrap_or(TimeZone::UTC)
}

impl<'a> Facts<'a> {
    /// The day in the organization's time zone.
    pub fn today(&self) -> Date {
        self.now.to_zoned(time_zone(self.model)).date()
    }

    /// Who is here today.
    pub fn roster(&self) -> Roster<'a> {
        Roster::new(self.model, self.today())
    }

    /// Says whether nobody asks, but time has come.
    pub(crate) fn is_itself(&self) -> bool {
        self.actor == ITSELF
    }

    /// Refuses somebody who does not work here.
    ///
    /// # Errors
    /// When the actor has left, has not joined, or is not known.
    pub fn actor_works_here(&self) -> Result<(), Refusal> {
        if self.roster().works_here(self.actor) {
            return Ok(());
        }
        let reason = match self.model.get::<Person>(self.actor) {
            Some(person) if person.has_left(self.today()) => {
                format!("`{}` has left", self.actor)
            }
            Some(_) => format!("`{}` has not joined yet", self.actor),
            None => format!("the playbook has no person `{}`", self.actor),
        };
        Err(Refusal::new("not-here", reason)
            .passes_if("somebody who works here today does it instead"))
    }

    /// Refuses somebody who neither holds a seat at the table nor is the named owner.
    ///
    /// # Errors
    /// When the actor has no say.
    pub fn actor_has_a_say(&self, owner: Option<&str>) -> Result<(), Refusal> {
        self.actor_works_here()?;
        let holds = self.seats_of(self.actor).next().is_some();
        if holds || owner.is_some_and(|owner| self.speaks_for(owner, self.actor)) {
            return Ok(());
        }
        Err(Refusal::new("no-say", format!("`{}` holds no seat at the table", self.actor))
            .passes_if("a seat's primary or backup does it, or the owner"))
    }

    /// The active seats that a person holds as primary or backup.
    pub fn seats_of(&self, person: &'a str) -> impl Iterator<Item = Typed<'a, Seat>> {
        let roster = self.roster();
        let seats = self.model.all::<Seat>();
        seats.filter(move |seat| roster.is_active(seat) && holds(seat.spec, person))
    }

    /// Says whether a person speaks for a party: a seat's primary or backup, an office's holder, a
    /// team's or audience's member, the person themselves.
    pub fn speaks_for(&self, party: &str, person: &str) -> bool {
        let (slug, name) = party.split_once('/').unwrap_or(("seat", party));
        match slug {
            "seat" => self.model.get::<Seat>(name).is_some_and(|seat| holds(seat.spec, person)),
            "office" => self
                .model
                .get::<Office>(name)
                .and_then(|office| office.spec.holder.as_ref())
                .is_some_and(|holder| holder.name() == person),
            "team" => org::Graph::shared(self.model)
                .members_of(party)
                .iter()
                .any(|member| member == person),
            "person" => name == person,
            // An audience is open: whoever is meant may speak.
            _ => self.model.get::<Person>(person).is_some(),
        }
    }
}

/// Says whether a person is a seat's primary or backup.
pub(crate) fn holds(seat: &Seat, person: &str) -> bool {
    seat.primary.iter().chain(&seat.backup).any(|holder: &Ref<Person>| holder.name() == person)
}
