//! Calendars (RFC 5545): feeds for a person, a seat, a ritual, or the whole council.
//!
//! A ritual is one event with its recurrence rule, in local time with its time zone, so that calendars
//! follow the change of clocks themselves; the time zone's own rules are part of the feed, for
//! programs that know no zone names. Deadlines of decisions and due days of actions, questions and
//! reviews are all-day events; actions are also to-dos. UIDs are made from references, so that a feed
//! read again updates what is there instead of adding to it.

mod lines;
mod zone;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use jiff::ToSpan;
use jiff::civil::Date;
use org::kinds::{Organization, Person, Seat};
use playbook::Typed;

pub use self::lines::Lines;
use crate::cadence::{Occurrence, Schedule, normal};
use crate::kinds::{Attendees, Ritual};
use crate::record::decision::Stage;
use crate::views::{ActionRow, DecisionRow, Reading, actions, decision, decisions, questions};

/// Whose calendar it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Feed {
    /// Everything of the council.
    Council,
    /// What concerns a person: the meetings of their seats, and what they owe.
    Person(String),
    /// What concerns a seat.
    Seat(String),
    /// The meetings of one ritual.
    Ritual(String),
}

/// Writes a feed; nothing when there is no such person, seat or ritual.
pub fn feed(reading: &Reading<'_>, feed: &Feed) -> Option<String> {
    let title = title(reading, feed)?;
    let mut maker = Maker::new(reading);
    maker.lines.raw("BEGIN", "VCALENDAR");
    maker.lines.raw("VERSION", "2.0");
    maker.lines.raw("PRODID", "-//council//council//EN");
    maker.lines.raw("CALSCALE", "GREGORIAN");
    maker.lines.raw("METHOD", "PUBLISH");
    maker.lines.text("X-WR-CALNAME", &title);
    let mut meetings = Vec::new();
    let mut zones = BTreeMap::new();
    for ritual in reading.model.all::<Ritual>().filter(|ritual| comes(reading, feed, *ritual)) {
        let schedule = Schedule::of(reading.model, ritual);
        let Some(first) = schedule.first().and_then(|day| schedule.on(day)) else { continue };
        let name = schedule.zone().iana_name().unwrap_or("UTC").to_owned();
        let known = zones.entry(name).or_insert_with(|| (schedule.zone().clone(), first.date));
        known.1 = known.1.min(first.date);
        meetings.push((ritual, first));
    }
    for (zone, from) in zones.values() {
        zone::write(&mut maker.lines, zone, *from, reading.now);
    }
    for (ritual, first) in &meetings {
        maker.ritual(*ritual, first);
    }
    maker.deadlines(feed);
    for row in actions(reading).open.iter().filter(|row| owes(reading, feed, &row.owner.reference))
    {
        maker.action(row);
    }
    maker.lines.raw("END", "VCALENDAR");
    Some(maker.lines.finish())
}

fn title(reading: &Reading<'_>, feed: &Feed) -> Option<String> {
    let model = reading.model;
    Some(match feed {
        Feed::Council => {
            let organization = model.all::<Organization>().next();
            organization.map_or("Council".to_owned(), |found| found.title().to_owned())
        }
        Feed::Person(name) => model.get::<Person>(name)?.title().to_owned(),
        Feed::Seat(name) => model.get::<Seat>(name)?.title().to_owned(),
        Feed::Ritual(name) => model.get::<Ritual>(name)?.title().to_owned(),
    })
}

/// The right-hand side of UIDs: the organization's name, so that two councils do not collide.
fn domain(reading: &Reading<'_>) -> String {
    let organization = reading.model.all::<Organization>().next();
    organization.map_or("council".to_owned(), |found| format!("{}.council", found.name()))
}

fn comes(reading: &Reading<'_>, feed: &Feed, ritual: Typed<'_, Ritual>) -> bool {
    let seat_comes = |seat: &str| match &ritual.attendees {
        Attendees::AllSeats => true,
        Attendees::Seats(seats) => seats.iter().any(|it| it.name() == seat),
    };
    match feed {
        Feed::Council => true,
        Feed::Ritual(name) => ritual.name() == name,
        Feed::Seat(seat) => seat_comes(seat),
        Feed::Person(person) => {
            reading.facts(person).seats_of(person).any(|seat| seat_comes(seat.name()))
        }
    }
}

fn owes(reading: &Reading<'_>, feed: &Feed, party: &str) -> bool {
    match feed {
        Feed::Council => true,
        Feed::Ritual(_) => false,
        Feed::Seat(seat) => party == format!("seat/{seat}"),
        Feed::Person(person) => reading.facts(person).speaks_for(party, person),
    }
}

/// Writes the components of a feed.
struct Maker<'a> {
    reading: &'a Reading<'a>,
    domain: String,
    lines: Lines,
}

impl<'a> Maker<'a> {
    fn new(reading: &'a Reading<'a>) -> Self {
        Self { reading, domain: domain(reading), lines: Lines::default() }
    }

    /// Begins a component with the properties that all of them have.
    fn begin(&mut self, component: &str, what: &str, summary: &str) {
        let uid = format!("{}@{}", what.replace('/', "-"), self.domain);
        self.lines.raw("BEGIN", component);
        self.lines.raw("UID", &uid);
        let stamp = self.reading.now.strftime("%Y%m%dT%H%M%SZ").to_string();
        self.lines.raw("DTSTAMP", &stamp);
        self.lines.text("SUMMARY", summary);
    }

    fn ritual(&mut self, ritual: Typed<'_, Ritual>, first: &Occurrence) {
        let Some(rule) = ritual.cadence.as_ref().and_then(|rule| normal(&rule.value).ok()) else {
            return;
        };
        self.begin("VEVENT", &ritual.resource.id.to_string(), ritual.title());
        for (name, at) in [("DTSTART", &first.starts), ("DTEND", &first.ends)] {
            let local = at.strftime("%Y%m%dT%H%M%S").to_string();
            match at.time_zone().iana_name().filter(|zone| *zone != "UTC") {
                Some(zone) => self.lines.raw(&format!("{name};TZID={zone}"), &local),
                None => self.lines.raw(name, &format!("{local}Z")),
            }
        }
        self.lines.raw("RRULE", &rule);
        self.lines.text("DESCRIPTION", &ritual.goal);
        self.lines.raw("END", "VEVENT");
    }

    fn deadlines(&mut self, feed: &Feed) {
        for row in decisions(self.reading).rows {
            self.decision(feed, &row);
            let review = row.review_by.filter(|_| row.stage == Stage::Accepted);
            if let (Some(day), Feed::Council) = (review, feed) {
                let what = format!("review/{}", row.name);
                self.all_day(&what, &format!("Review: {}", row.title), "", day);
            }
        }
        for row in questions(self.reading).open {
            let Some((owner, due)) = row.owner.as_ref().zip(row.due) else { continue };
            if owes(self.reading, feed, &owner.reference) {
                let what = format!("question/{}", row.name);
                let context = row.context.as_deref().unwrap_or("");
                self.all_day(&what, &format!("Answer: {}", row.title), context, due);
            }
        }
    }

    /// The day on which a decision changes by itself, for those whom it concerns.
    fn decision(&mut self, feed: &Feed, row: &DecisionRow) {
        let Some(at) = row.deadline else { return };
        let Some(detail) = decision(self.reading, &row.name, None) else { return };
        let votes = detail.votes.iter().map(|vote| &vote.seat);
        let mut concerned = votes.chain(detail.consulted.iter().map(|row| &row.party));
        if concerned.any(|party| owes(self.reading, feed, &party.reference)) {
            let (what, day) = (format!("decision/{}", row.name), self.reading.day(at));
            let title = format!("Deadline: {}", row.title);
            self.all_day(&what, &title, &row.reasons.join("\n"), day);
        }
    }

    fn all_day(&mut self, what: &str, title: &str, description: &str, day: Date) {
        self.begin("VEVENT", what, title);
        self.lines.raw("DTSTART;VALUE=DATE", &compact(day));
        // The end of an all-day event is the day after its last.
        let after = day.checked_add(1.day()).unwrap_or(day);
        self.lines.raw("DTEND;VALUE=DATE", &compact(after));
        self.lines.raw("TRANSP", "TRANSPARENT");
        if !description.is_empty() {
            self.lines.text("DESCRIPTION", description);
        }
        self.lines.raw("END", "VEVENT");
    }

    fn action(&mut self, row: &ActionRow) {
        self.begin("VTODO", &format!("action/{}", row.id), &row.title);
        self.lines.raw("DUE;VALUE=DATE", &compact(row.due));
        self.lines.raw("STATUS", "NEEDS-ACTION");
        self.lines.raw("END", "VTODO");
    }
}

fn compact(day: Date) -> String {
    day.strftime("%Y%m%d").to_string()
}
