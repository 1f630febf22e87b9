//! Rituals: what recurs, when next, who comes.

use jiff::Timestamp;
use jiff::civil::Date;
use org::Roster;
use playbook::Typed;
use schemars::JsonSchema;
use serde::Serialize;

use super::{PartyRef, Reading};
use crate::cadence::{Occurrence, Schedule, phrase};
use crate::kinds::{Attendees, Ritual};

/// The rituals.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct RitualList {
    /// By the next meeting; those per event last.
    pub rows: Vec<RitualRow>,
}

/// One ritual.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct RitualRow {
    /// Its name.
    pub name: String,
    /// Its title.
    pub title: String,
    /// What it is for.
    pub goal: String,
    /// What comes out of it.
    pub outcome: Option<String>,
    /// What it looks at most.
    pub focus: Vec<String>,
    /// When, in words: "weekly on Tuesday at 10:00 (Europe/Berlin)", or its trigger.
    pub when: String,
    /// How long, in words: "30–45 min".
    pub duration: Option<String>,
    /// Who comes.
    pub attendees: Vec<PartyRef>,
    /// Whether every seat at the table comes.
    pub all_seats: bool,
    /// The titles of its agenda.
    pub agenda: Vec<String>,
    /// The next meeting.
    pub next: Option<MeetingRef>,
    /// The meetings in the record, newest first.
    pub past: Vec<Date>,
}

/// One meeting.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct MeetingRef {
    /// When it begins.
    pub starts_at: Timestamp,
    /// When it ends at the latest.
    pub ends_at: Timestamp,
    /// The ritual.
    pub ritual: PartyRef,
    /// The day, which names its record.
    pub date: Date,
    /// The beginning on the ritual's clock: `Tue 24 Nov 2026, 10:00 CET`.
    pub local: String,
    /// Whether it has begun, and is not over.
    pub goes_on: bool,
}

impl MeetingRef {
    /// A meeting of a ritual.
    pub fn new(ritual: Typed<'_, Ritual>, meeting: &Occurrence, now: Timestamp) -> Self {
        Self {
            goes_on: meeting.starts.timestamp() <= now && now < meeting.ends.timestamp(),
            starts_at: meeting.starts.timestamp(),
            ends_at: meeting.ends.timestamp(),
            ritual: PartyRef {
                reference: ritual.resource.id.to_string(),
                title: ritual.title().to_owned(),
            },
            date: meeting.date,
            local: meeting.starts.strftime("%a %-d %b %Y, %H:%M %Z").to_string(),
        }
    }
}

/// Lists the rituals.
pub fn rituals(reading: &Reading<'_>) -> RitualList {
    let mut rows: Vec<_> =
        reading.model.all::<Ritual>().map(|ritual| row(reading, ritual)).collect();
    rows.sort_by(|left, right| {
        let next =
            |row: &RitualRow| row.next.as_ref().map_or(Timestamp::MAX, |next| next.starts_at);
        (next(left), &left.name).cmp(&(next(right), &right.name))
    });
    RitualList { rows }
}

fn row(reading: &Reading<'_>, ritual: Typed<'_, Ritual>) -> RitualRow {
    let schedule = Schedule::of(reading.model, ritual);
    let prefix = format!("{}/", ritual.name());
    let dates = reading.record.rituals.keys().filter_map(|key| key.strip_prefix(&prefix));
    let mut past: Vec<Date> = dates.filter_map(|date| date.parse().ok()).collect();
    past.reverse();
    RitualRow {
        name: ritual.name().to_owned(),
        title: ritual.title().to_owned(),
        goal: ritual.goal.clone(),
        outcome: ritual.outcome.clone(),
        focus: ritual.focus.clone(),
        when: when(ritual.spec, &schedule),
        duration: ritual.duration.as_ref().map(|duration| {
            let minutes = |period: playbook::Period| period.as_seconds() / 60;
            match (minutes(duration.from), minutes(duration.to)) {
                (from, to) if from == to => format!("{from} min"),
                (from, to) => format!("{from}–{to} min"),
            }
        }),
        attendees: seats(reading, ritual.spec)
            .iter()
            .map(|seat| PartyRef::of(reading.model, &format!("seat/{seat}")))
            .collect(),
        all_seats: ritual.attendees == Attendees::AllSeats,
        agenda: ritual.agenda.iter().map(|item| item.title.clone()).collect(),
        next: schedule
            .next(reading.now)
            .map(|meeting| MeetingRef::new(ritual, &meeting, reading.now)),
        past,
    }
}

/// When a ritual happens, in words.
pub(crate) fn when(ritual: &Ritual, schedule: &Schedule) -> String {
    match (&ritual.cadence, &ritual.trigger) {
        (Some(cadence), _) => {
            let zone = schedule.zone().iana_name().unwrap_or("UTC");
            let at = schedule.at().strftime("%H:%M");
            format!("{} at {at} ({zone})", phrase(cadence))
        }
        (None, Some(trigger)) => trigger.clone(),
        (None, None) => "when it is called".to_owned(),
    }
}

/// The names of the seats that come to a ritual, as far as they are at the table.
pub(crate) fn seats(reading: &Reading<'_>, ritual: &Ritual) -> Vec<String> {
    let roster = Roster::new(reading.model, reading.today());
    let all = org::views::in_order(reading.model).into_iter();
    let comes = |name: &str| match &ritual.attendees {
        Attendees::AllSeats => true,
        Attendees::Seats(seats) => seats.iter().any(|seat| seat.name() == name),
    };
    all.filter(|seat| roster.is_active(seat) && comes(seat.name()))
        .map(|seat| seat.name().to_owned())
        .collect()
}
