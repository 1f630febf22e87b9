//! Read models: what the command line, the API and the pages show of the council.
//!
//! Plain data, computed from the model and the day, and the same for every face. Strings are
//! references (`seat/network-security`) where they identify and titles where they are read.

use jiff::civil::Date;
use playbook::{Facts, Model, Ref, Typed};
use schemars::JsonSchema;
use serde::Serialize;

use crate::kinds::{Person, Seat};
use crate::{Graph, Hold, Presence, Roster, Standing};

/// A person, as far as others need to know to find them.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct PersonRef {
    /// The name within the playbook.
    pub name: String,
    /// The name that people read.
    pub title: String,
}

impl PersonRef {
    /// Looks a person up; one that the playbook does not know is called by their name.
    pub fn of(model: &Model, name: &str) -> Self {
        let title = model.get::<Person>(name).map_or(name, |person| person.title());
        Self { name: name.to_owned(), title: title.to_owned() }
    }
}

/// One row of the table of seats.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct SeatRow {
    /// The name within the playbook.
    pub name: String,
    /// The name that people read.
    pub title: String,
    /// A short name for narrow tables; the title when the seat has none.
    pub short: String,
    /// What it owns, in a sentence.
    pub owns: String,
    /// What it looks at most.
    pub focus: Vec<String>,
    /// Words by which it is found.
    pub topics: Vec<String>,
    /// Who holds it.
    pub primary: Option<PersonRef>,
    /// Who stands in.
    pub backup: Option<PersonRef>,
    /// Who answers today.
    pub acting: Option<PersonRef>,
    /// In which capacity.
    pub standing: Standing,
    /// Why.
    pub because: String,
    /// Whether it is at the table.
    pub active: bool,
    /// The condition under which it is.
    pub active_when: Option<String>,
    /// What is missing.
    pub gaps: Vec<GapView>,
    /// Resources that it owns.
    pub holds: Vec<String>,
    /// Anything worth knowing.
    pub notes: Option<String>,
}

/// Something that is missing, and what that puts at risk.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct GapView {
    /// The resource concerned.
    pub subject: String,
    /// Its title.
    pub title: String,
    /// What is missing, such as "no backup".
    pub what: String,
    /// What it puts at risk.
    pub at_risk: Vec<String>,
    /// What to do.
    pub hint: String,
}

/// One person, with everything they hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PersonView {
    /// The name within the playbook.
    pub name: String,
    /// The name that people read.
    pub title: String,
    /// Where mail reaches them.
    pub email: Option<String>,
    /// Where their clock stands.
    pub time_zone: Option<String>,
    /// Whether they are here today.
    pub presence: Presence,
    /// The first day.
    pub joined: Option<Date>,
    /// The first day on which they are no longer here.
    pub leaves: Option<Date>,
    /// What they hold.
    pub holds: Vec<HoldView>,
}

/// One thing that a person holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct HoldView {
    /// In which way.
    pub hold: Hold,
    /// What.
    pub subject: String,
    /// Its title.
    pub title: String,
}

/// The table of seats, in the order of the table.
pub fn seats(model: &Model, facts: &Facts) -> Vec<SeatRow> {
    let (graph, roster) = (Graph::shared(model), Roster::new(model, facts.today));
    in_order(model).into_iter().map(|seat| seat_row(&graph, &roster, seat)).collect()
}

/// One row of the table of seats.
pub fn seat(model: &Model, facts: &Facts, name: &str) -> Option<SeatRow> {
    let (graph, roster) = (Graph::shared(model), Roster::new(model, facts.today));
    model.get(name).map(|seat| seat_row(&graph, &roster, seat))
}

/// Every gap at the table, in the order of the table.
pub fn gaps(model: &Model, facts: &Facts) -> Vec<GapView> {
    seats(model, facts).into_iter().flat_map(|row| row.gaps).collect()
}

/// All people, by name.
pub fn people(model: &Model, facts: &Facts) -> Vec<PersonView> {
    let (graph, roster) = (Graph::shared(model), Roster::new(model, facts.today));
    model.all::<Person>().map(|person| person_view(&graph, &roster, person)).collect()
}

/// One person.
pub fn person(model: &Model, facts: &Facts, name: &str) -> Option<PersonView> {
    let (graph, roster) = (Graph::shared(model), Roster::new(model, facts.today));
    model.get(name).map(|person| person_view(&graph, &roster, person))
}

/// The seats in the order of the table: by `order`, those without one last, then by name.
pub fn in_order(model: &Model) -> Vec<Typed<'_, Seat>> {
    let mut seats: Vec<_> = model.all::<Seat>().collect();
    seats.sort_by_key(|seat| (seat.order.unwrap_or(u32::MAX), seat.name()));
    seats
}

fn seat_row(graph: &Graph, roster: &Roster<'_>, seat: Typed<'_, Seat>) -> SeatRow {
    let model = roster.model();
    let duty = roster.seat(seat);
    let named = |person: &Option<Ref<Person>>| {
        person.as_ref().map(|person| PersonRef::of(model, person.name()))
    };
    SeatRow {
        name: seat.name().to_owned(),
        title: seat.title().to_owned(),
        short: seat.short.clone().unwrap_or_else(|| seat.title().to_owned()),
        owns: seat.owns.clone(),
        focus: seat.focus.clone(),
        topics: seat.topics.clone(),
        primary: named(&seat.primary),
        backup: named(&seat.backup),
        acting: duty.person.as_deref().map(|name| PersonRef::of(model, name)),
        standing: duty.standing,
        because: duty.because,
        active: roster.is_active(&seat),
        active_when: seat.active_when.as_ref().map(|condition| condition.value.clone()),
        gaps: seat_gaps(graph, roster, seat),
        holds: graph.owned_by(&seat.resource.id.to_string()).to_vec(),
        notes: seat.notes.clone(),
    }
}

/// What is missing at one seat on the day. An inactive seat misses nobody.
pub fn seat_gaps(graph: &Graph, roster: &Roster<'_>, seat: Typed<'_, Seat>) -> Vec<GapView> {
    if !roster.is_active(&seat) {
        return Vec::new();
    }
    let gap = |what: String, hint: &str| GapView {
        subject: seat.resource.id.to_string(),
        title: seat.title().to_owned(),
        what,
        at_risk: at_risk(graph, seat),
        hint: hint.to_owned(),
    };
    let missing = |person: &Option<Ref<Person>>, what: &str| match person {
        None => Some(format!("no {what}")),
        Some(person) if roster.works_here(person.name()) => None,
        Some(person) => Some(match roster.presence(person.name()) {
            Presence::NotYet => format!("the {what}, `{}`, has not joined yet", person.name()),
            Presence::Left => format!("the {what}, `{}`, has left", person.name()),
            Presence::Unknown | Presence::Here | Presence::Away => {
                format!("the {what}, `{}`, is not in the playbook", person.name())
            }
        }),
    };
    let primary = missing(&seat.primary, "primary");
    let backup = missing(&seat.backup, "backup");
    let primary = primary.map(|what| gap(what, "name a primary"));
    let backup = backup.map(|what| gap(what, "name a backup"));
    primary.into_iter().chain(backup).collect()
}

/// What nobody answers for while a seat is empty: what it owns, in words and in resources.
pub fn at_risk(graph: &Graph, seat: Typed<'_, Seat>) -> Vec<String> {
    let owned = graph.owned_by(&seat.resource.id.to_string());
    let words = seat.owns.trim().trim_end_matches('.');
    std::iter::once(words.to_owned()).chain(owned.iter().cloned()).collect()
}

fn person_view(graph: &Graph, roster: &Roster<'_>, person: Typed<'_, Person>) -> PersonView {
    let title = |subject: &str| {
        roster.model().resource(subject).map_or(subject, |resource| resource.title()).to_owned()
    };
    let holds = graph.held_by(person.name()).iter().map(|(hold, subject)| HoldView {
        hold: *hold,
        subject: subject.clone(),
        title: title(subject),
    });
    PersonView {
        name: person.name().to_owned(),
        title: person.title().to_owned(),
        email: person.email.as_ref().map(|email| email.value.clone()),
        time_zone: person.time_zone.as_ref().map(|zone| zone.value.clone()),
        presence: roster.presence(person.name()),
        joined: person.joined.as_ref().map(|day| day.value),
        leaves: person.leaves.as_ref().map(|day| day.value),
        holds: holds.collect(),
    }
}
