//! The agenda of one meeting, generated from playbook and record.
//!
//! "Since" is the meeting before: what was shipped from its end on is reported, so that nothing falls between two meetings
//! and nothing is told twice; what is due until the meeting is asked for. Overdue actions return by themselves, because the list
//! is computed anew for each meeting and nothing has to be carried over.

mod sources;

use std::ops::Range;

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use org::Roster;
use org::views::PersonRef;
use schemars::JsonSchema;
use serde::Serialize;

use super::{ActionRow, PartyRef, Reading, actions, rituals};
use crate::cadence::Schedule;
use crate::kinds::{AgendaSource, Ritual};

/// An agenda, with what the record knows of the meeting.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct AgendaView {
    /// The ritual.
    pub ritual: PartyRef,
    /// The day.
    pub date: Date,
    /// When it begins.
    pub starts_at: Option<Timestamp>,
    /// When it ends at the latest.
    pub ends_at: Option<Timestamp>,
    /// The beginning on the ritual's clock.
    pub local: Option<String>,
    /// What it is for.
    pub goal: String,
    /// What comes out of it.
    pub outcome: Option<String>,
    /// What it looks at most.
    pub focus: Vec<String>,
    /// Since when changes are reported.
    pub since: Date,
    /// Who comes.
    pub attendees: Vec<Attendee>,
    /// What is talked about.
    pub parts: Vec<AgendaPart>,
    /// What was said.
    pub minutes: Vec<MinuteRow>,
    /// What was promised at this meeting.
    pub actions: Vec<ActionRow>,
    /// Whether it has begun.
    pub is_open: bool,
    /// Whether it is over.
    pub is_closed: bool,
    /// Whether the day is one of the cadence, or an extra meeting.
    pub is_regular: bool,
}

/// A seat that comes to a meeting.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Attendee {
    /// The seat.
    pub seat: PartyRef,
    /// Who is expected: whoever answers for the seat on that day.
    pub expected: Option<PersonRef>,
    /// Who came.
    pub came: Option<PersonRef>,
    /// Whether they came as a delegate.
    pub delegate: bool,
}

/// One item of an agenda with what fills it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct AgendaPart {
    /// Its heading.
    pub title: String,
    /// What fills it.
    pub source: AgendaSource,
    /// Its entries, most urgent first.
    pub entries: Vec<AgendaEntry>,
    /// What is said when there is none.
    pub empty: String,
}

/// One line of an agenda.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct AgendaEntry {
    /// What it is, such as a title.
    pub what: String,
    /// What it is about, as a reference.
    pub subject: Option<String>,
    /// More about it: a reason, an owner, a deadline.
    pub note: Option<String>,
    /// Its day: when it happened, or when it is due.
    pub day: Option<Date>,
    /// How pressing it is.
    pub urgency: Urgency,
}

/// How pressing an entry is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Urgency {
    /// Its day has passed.
    Overdue,
    /// Its day comes before the next meeting.
    Due,
    /// To be known.
    Info,
}

/// One remark of the minutes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct MinuteRow {
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub by: PersonRef,
    /// Under which item.
    pub item: Option<String>,
    /// What.
    pub text: String,
}

/// What the sources of an agenda need to know about the meeting.
pub(crate) struct Window<'a> {
    pub(crate) reading: &'a Reading<'a>,
    /// The day after which changes of which only the day is known count as new.
    pub(crate) since: Date,
    /// The day of the meeting.
    pub(crate) date: Date,
    /// From the end of the meeting before to the end of this one: what happened then is new.
    pub(crate) news: Range<Timestamp>,
    /// The day of the next meeting.
    pub(crate) until: Date,
}

/// The agenda of a ritual on a day; today's reading decides what is known.
pub fn agenda(reading: &Reading<'_>, ritual: &str, date: Date) -> Option<AgendaView> {
    let found = reading.model.get::<Ritual>(ritual)?;
    let schedule = Schedule::of(reading.model, found);
    let meeting = schedule.on(date);
    // Without an earlier meeting the last week is reported: longer than any pause between two days.
    let week_ago = date.checked_sub(7.days()).unwrap_or(date);
    let since = schedule.before(date).unwrap_or(week_ago);
    let next = date.tomorrow().ok().and_then(|day| {
        let horizon = day.checked_add(1.year()).ok()?;
        schedule.between(day, horizon).first().map(|meeting| meeting.date)
    });
    let until = next.unwrap_or_else(|| date.checked_add(7.days()).unwrap_or(date));
    let end = |day| end_of(reading, ritual, &schedule, day);
    let window = Window { reading, since, date, news: end(since)..end(date), until };
    let stream = format!("ritual/{ritual}/{date}");
    let state = reading.record.rituals.get(&format!("{ritual}/{date}"));
    let minutes = state.map_or(&[][..], |state| &state.minutes);
    let list = actions(reading);
    let all_actions = list.open.into_iter().chain(list.closed);
    Some(AgendaView {
        ritual: PartyRef {
            reference: found.resource.id.to_string(),
            title: found.title().to_owned(),
        },
        date,
        starts_at: meeting.as_ref().map(|meeting| meeting.starts.timestamp()),
        ends_at: meeting.as_ref().map(|meeting| meeting.ends.timestamp()),
        local: meeting
            .as_ref()
            .map(|meeting| meeting.starts.strftime("%a %-d %b %Y, %H:%M %Z").to_string()),
        goal: found.goal.clone(),
        outcome: found.outcome.clone(),
        focus: found.focus.clone(),
        since,
        attendees: attendees(reading, found.spec, ritual, date),
        parts: found.agenda.iter().map(|item| sources::part(&window, item)).collect(),
        minutes: minutes
            .iter()
            .map(|minute| MinuteRow {
                at: minute.at,
                by: reading.person(&minute.by),
                item: minute.item.clone(),
                text: reading.texts.read(&stream, &minute.text),
            })
            .collect(),
        actions: all_actions.filter(|row| row.from.as_deref() == Some(&*stream)).collect(),
        is_open: state.is_some_and(|it| it.opened_at.is_some() && it.closed_at.is_none()),
        is_closed: state.is_some_and(|state| state.closed_at.is_some()),
        is_regular: !schedule.between(date, date).is_empty(),
    })
}

/// When a meeting was over or will be: when it was closed, or else at the end of its time; a day without one ends at midnight.
fn end_of(reading: &Reading<'_>, ritual: &str, schedule: &Schedule, day: Date) -> Timestamp {
    let closed = reading.record.rituals.get(&format!("{ritual}/{day}"));
    let closed = closed.and_then(|state| state.closed_at);
    let regular = !schedule.between(day, day).is_empty();
    let meeting = schedule.on(day).filter(|_| regular).map(|meeting| meeting.ends.timestamp());
    let midnight = || {
        let next = day.tomorrow().unwrap_or(day).to_zoned(schedule.zone().clone());
        next.map_or(reading.now, |midnight| midnight.timestamp())
    };
    closed.or(meeting).unwrap_or_else(midnight)
}

fn attendees(reading: &Reading<'_>, spec: &Ritual, ritual: &str, date: Date) -> Vec<Attendee> {
    let roster = Roster::new(reading.model, date);
    let state = reading.record.rituals.get(&format!("{ritual}/{date}"));
    let attendee = |seat: String| {
        let came = state.and_then(|state| state.attendance.get(&seat));
        let duty = roster.duty("seat", &seat);
        Attendee {
            seat: PartyRef::of(reading.model, &format!("seat/{seat}")),
            expected: duty.person.map(|person| reading.person(&person)),
            came: came.map(|came| reading.person(&came.person)),
            delegate: came.is_some_and(|came| came.delegate),
        }
    };
    rituals::seats(reading, spec).into_iter().map(attendee).collect()
}
