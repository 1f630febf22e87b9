//! Calendars of shifts (RFC 5545), for a schedule or a person.
//!
//! Every shift is an event of its own in UTC: who is on call follows from people's joins and leaves, from
//! overrides and swaps, which no recurrence rule can say. UIDs are made from the schedule and the moment at
//! which a shift begins, so that a feed read again updates what is there.

use governance::render::calendar::Lines;
use jiff::{SignedDuration, Timestamp};
use org::kinds::{Organization, Person};
use org::views::PersonRef;
use playbook::{Model, Typed};

use crate::kinds::Schedule;
use crate::oncall::{Exchange, Shift, Window, gaps, shifts};

/// Whose calendar it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Feed {
    /// All shifts of a schedule, with its gaps.
    Schedule(String),
    /// All shifts of a person.
    Person(String),
}

/// How far back a feed reaches: a month, for those who look up when they were on call.
const BACK: SignedDuration = SignedDuration::from_hours(24 * 31);
/// How far ahead: a year. Feeds are read again within days.
const AHEAD: SignedDuration = SignedDuration::from_hours(24 * 366);

/// Writes a feed; nothing when there is no such schedule or person.
pub fn feed(model: &Model, exchanges: &[Exchange], feed: &Feed, now: Timestamp) -> Option<String> {
    let (title, schedules): (&str, Vec<Typed<'_, Schedule>>) = match feed {
        Feed::Schedule(name) => {
            let schedule = model.get::<Schedule>(name)?;
            (schedule.title(), vec![schedule])
        }
        Feed::Person(name) => (model.get::<Person>(name)?.title(), model.all().collect()),
    };
    let within = Window::new(now.checked_sub(BACK).ok()?, now.checked_add(AHEAD).ok()?);
    let mut lines = Lines::default();
    lines.raw("BEGIN", "VCALENDAR");
    lines.raw("VERSION", "2.0");
    lines.raw("PRODID", "-//council//council//EN");
    lines.raw("CALSCALE", "GREGORIAN");
    lines.raw("METHOD", "PUBLISH");
    lines.text("X-WR-CALNAME", &format!("On call: {title}"));
    let mut writer = Writer { model, lines, now };
    for schedule in schedules {
        let found = shifts(model, schedule, exchanges, within);
        let wanted = |shift: &&Shift<'_>| match feed {
            Feed::Schedule(_) => true,
            Feed::Person(name) => shift.person == *name,
        };
        // The horizon cuts the last shift, and would move its end with every reading.
        let whole = |shift: &&Shift<'_>| shift.window.to < within.to;
        for shift in found.iter().filter(wanted).filter(whole) {
            let person = PersonRef::of(model, &shift.person).title;
            let summary = match feed {
                Feed::Schedule(_) => format!("{person} is on call"),
                Feed::Person(_) => format!("On call: {}", schedule.title()),
            };
            writer.event(schedule, shift.window, &summary, &shift.because());
        }
        if let Feed::Schedule(_) = feed {
            for gap in gaps(model, schedule.spec, &found, within) {
                writer.event(
                    schedule,
                    gap,
                    "Nobody is on call",
                    "Write an override, or take over.",
                );
            }
        }
    }
    writer.lines.raw("END", "VCALENDAR");
    Some(writer.lines.finish())
}

struct Writer<'m> {
    model: &'m Model,
    lines: Lines,
    now: Timestamp,
}

impl Writer<'_> {
    fn event(&mut self, schedule: Typed<'_, Schedule>, window: Window, summary: &str, why: &str) {
        let utc = |at: Timestamp| at.strftime("%Y%m%dT%H%M%SZ").to_string();
        let organization = self.model.all::<Organization>().next();
        let domain =
            organization.map_or("council".to_owned(), |found| format!("{}.council", found.name()));
        // A shift that a window cuts would change its beginning with every reading; its end does not.
        let uid = format!("schedule-{}-{}@{domain}", schedule.name(), window.to.as_second());
        self.lines.raw("BEGIN", "VEVENT");
        self.lines.raw("UID", &uid);
        self.lines.raw("DTSTAMP", &utc(self.now));
        self.lines.raw("DTSTART", &utc(window.from));
        self.lines.raw("DTEND", &utc(window.to));
        self.lines.text("SUMMARY", summary);
        self.lines.text("DESCRIPTION", why);
        self.lines.raw("TRANSP", "TRANSPARENT");
        self.lines.raw("END", "VEVENT");
    }
}

#[cfg(test)]
mod tests {
    use icalendar::{Calendar, CalendarComponent, Component as _};

    use super::*;
    use crate::testing::table;

    fn summaries(feed_of: &Feed) -> Vec<(String, String)> {
        let workspace = table(
            "Person/ana: {away: [{from: 2026-12-24, to: 2026-12-26}]}
             Person/ben: {}
             Schedule/s: {layers: [{title: 'Nights, and weekends', starts: 2026-01-05, rotation: {weekly: {day: mon}}, hand_off: '10:00', people: [{person: ana}, {person: ben}]}]}",
        );
        let now = "2026-11-23T11:00:00Z".parse().expect("a moment");
        let text = feed(workspace.model(), &[], feed_of, now).expect("there is one");
        let calendar: Calendar = text.parse().expect("another program reads it");
        let events = calendar.components.iter().filter_map(CalendarComponent::as_event);
        events
            .map(|event| {
                let property = |name| event.property_value(name).unwrap_or_default().to_owned();
                (property("DTSTART"), property("SUMMARY"))
            })
            .collect()
    }

    #[test]
    fn shifts_are_events_that_another_program_reads() {
        let found = summaries(&Feed::Person("ana".to_owned()));
        assert!(found.iter().all(|(_, summary)| summary == "On call: s"), "{found:?}");
        assert!(
            found.contains(&("20261207T090000Z".to_owned(), "On call: s".to_owned())),
            "{found:?}"
        );
        let found = summaries(&Feed::Schedule("s".to_owned()));
        assert!(
            found.contains(&("20261207T090000Z".to_owned(), "ana is on call".to_owned())),
            "{found:?}"
        );
        assert!(
            found.iter().any(|(at, what)| at == "20261223T230000Z" && what == "Nobody is on call"),
            "{found:?}"
        );
    }

    #[test]
    fn nobody_unknown_has_a_calendar() {
        let workspace = table("Person/ana: {}");
        let now = "2026-11-23T11:00:00Z".parse().expect("a moment");
        assert_eq!(feed(workspace.model(), &[], &Feed::Person("eve".to_owned()), now), None);
    }
}
