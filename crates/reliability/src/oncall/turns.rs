//! Whose turn it is in a layer, from the list of people and the rotation alone.
//!
//! The order is walked from the layer's first day, so that joining and leaving change only what comes
//! after. Turns before the window are counted and not laid onto the clock; that keeps asking cheap.

use governance::cadence::Cadence;
use jiff::ToSpan;
use jiff::civil::{Date, DateTime, Weekday};
use jiff::tz::TimeZone;
use org::kinds::{Away, Person};
use playbook::Model;

use super::window::{Window, joined, midnight, moment, subtract};
use crate::kinds::{Layer, Rotation};

/// No layer is walked further: two hundred years of days. A layer that begins in the year 1 is a
/// mistake that must not cost time.
const MAX_TURNS: usize = 73_000;

/// One place in a layer's list of people.
#[derive(Clone, Debug)]
pub(crate) struct Candidate<'m> {
    /// The person's name.
    pub(crate) name: &'m str,
    /// The first day on which they take part.
    pub(crate) from: Date,
    /// The first day on which they no longer do.
    pub(crate) until: Date,
    /// When they are away.
    pub(crate) away: Vec<Window>,
}

impl<'m> Candidate<'m> {
    /// The list of a layer, with what the playbook knows about each person.
    pub(crate) fn of_layer(model: &'m Model, layer: &'m Layer, zone: &TimeZone) -> Vec<Self> {
        let members = layer.people.iter();
        let candidates = members.map(|member| {
            let name = member.person.name();
            let person = model.get::<Person>(name).map(|person| person.spec);
            let day = |day: Option<&playbook::Spanned<Date>>| day.map(|day| day.value);
            let employed = day(person.and_then(|person| person.joined.as_ref()));
            let left = day(person.and_then(|person| person.leaves.as_ref()));
            let from = day(member.joins.as_ref()).into_iter().chain(employed).max();
            let until = day(member.leaves.as_ref()).into_iter().chain(left).min();
            let away = person.map_or(&[][..], |person| &person.away);
            let absent = |away: &Away| days(zone, away.from.value, away.to.value);
            Self {
                name,
                from: from.unwrap_or(Date::MIN),
                until: until.unwrap_or(Date::MAX),
                away: joined(away.iter().map(absent).collect()),
            }
        });
        candidates.collect()
    }

    /// Says whether they take part on a day.
    pub(crate) fn takes_part(&self, day: Date) -> bool {
        self.from <= day && day < self.until
    }
}

/// Whole days, the last one included.
fn days(zone: &TimeZone, from: Date, to: Date) -> Window {
    Window::new(midnight(zone, from), midnight(zone, to.tomorrow().unwrap_or(to)))
}

/// A stretch of a turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Turn<'m> {
    /// When.
    pub(crate) window: Window,
    /// Who.
    pub(crate) person: &'m str,
    /// Whose turn it was, when somebody else takes the rest of it.
    pub(crate) instead_of: Option<&'m str>,
}

/// The turns of a layer within a window, in order, without who is away.
pub(crate) fn turns<'m>(
    layer: &Layer,
    people: &[Candidate<'m>],
    zone: &TimeZone,
    within: Window,
) -> Vec<Turn<'m>> {
    let Some(days) = hand_offs(layer) else { return Vec::new() };
    let first = zone.to_datetime(within.from).date();
    let last = zone.to_datetime(within.to).date();
    let ends = layer.ends.as_ref().map(|day| day.value);
    let mut days = days
        .take(MAX_TURNS)
        .take_while(|day| *day <= last && ends.is_none_or(|ends| *day < ends))
        .peekable();
    let end = ends.map_or(within.to, |ends| midnight(zone, ends)).min(within.to);
    let hand_off = |day| moment(zone, DateTime::from_parts(day, layer.hand_off));
    let mut found = Vec::new();
    let mut order = None;
    while let Some(day) = days.next() {
        let Some(chosen) = next(people, order, day) else { continue };
        order = Some(chosen);
        let following = days.peek().copied();
        if following.is_none_or(|following| following >= first) {
            let to = following.map_or(end, hand_off).min(end);
            let turn = Window::new(hand_off(day), to);
            split(people, chosen, turn, zone, &mut found);
        }
    }
    let clip = |turn: Turn<'m>| Some(Turn { window: turn.window.common(&within)?, ..turn });
    found.into_iter().filter_map(clip).collect()
}

/// Cuts a turn where its owner leaves, and takes out when people are away.
fn split<'m>(
    people: &[Candidate<'m>],
    chosen: usize,
    turn: Window,
    zone: &TimeZone,
    found: &mut Vec<Turn<'m>>,
) {
    let owner = people[chosen].name;
    let mut at = chosen;
    let mut from = turn.from;
    while from < turn.to {
        let candidate = &people[at];
        let until = if candidate.until == Date::MAX {
            turn.to
        } else {
            midnight(zone, candidate.until).min(turn.to)
        };
        let instead_of = (candidate.name != owner).then_some(owner);
        let windows = subtract(Window::new(from, until), &candidate.away);
        found.extend(
            windows.into_iter().filter(|window| window.from < window.to).map(|window| Turn {
                window,
                person: candidate.name,
                instead_of,
            }),
        );
        let Some(following) = next(people, Some(at), candidate.until) else { break };
        (at, from) = (following, until);
    }
}

/// The next in the list who takes part on a day, beginning behind `after`.
fn next(people: &[Candidate<'_>], after: Option<usize>, day: Date) -> Option<usize> {
    let start = after.map_or(0, |after| after + 1);
    let count = people.len();
    (start..start + count).map(|at| at % count).find(|at| people[*at].takes_part(day))
}

/// The days of hand-offs, from the layer's first one on; nothing when the rotation makes no sense.
fn hand_offs(layer: &Layer) -> Option<Box<dyn Iterator<Item = Date> + '_>> {
    let starts = layer.starts.value;
    Some(match &layer.rotation.value {
        Rotation::Daily { every } => every_days(starts, *every),
        Rotation::Weekly { day, every } => {
            let day = Weekday::from(*day);
            let to_first = starts.weekday().until(day);
            let first = starts.checked_add(to_first.days()).ok()?;
            every_days(first, every.saturating_mul(7))
        }
        Rotation::Rule(rule) => {
            let days: Vec<_> = Cadence::parse(rule, starts).ok()?.days().collect();
            Box::new(days.into_iter())
        }
    })
}

/// Days so far apart, at least one.
fn every_days(first: Date, step: u32) -> Box<dyn Iterator<Item = Date>> {
    let step = i64::from(step.max(1)).days();
    Box::new(std::iter::successors(Some(first), move |day| day.checked_add(step).ok()))
}
