//! The resolution of a schedule: layers, overrides and swaps laid over each other.

use std::borrow::Cow;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use org::kinds::Organization;
use playbook::{Model, Typed};
use serde::{Deserialize, Serialize};

use super::hours::expand;
use super::shift::{Shift, Source, lay_over};
use super::turns::{Candidate, turns};
use super::window::{Window, moment, subtract};
use crate::kinds::{Layer, Override, Schedule};

/// Somebody takes over a stretch of a schedule: what an accepted swap comes down to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exchange {
    /// The swap's id.
    pub id: String,
    /// The schedule's name.
    pub schedule: String,
    /// Who is on call.
    pub person: String,
    /// When.
    pub window: Window,
}

/// Who is on call at a moment, and who comes next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OnCall<'m> {
    /// Who is on call; nobody in a gap.
    pub now: Option<Shift<'m>>,
    /// The first shift of somebody else after that.
    pub next: Option<Shift<'m>>,
}

/// How far around a moment its shift and the next one are looked for. Two months hold several turns of
/// the longest rotation that anybody would agree to.
const HORIZON: SignedDuration = SignedDuration::from_hours(24 * 62);

/// The clock of a schedule: its own, else the organization's, else UTC.
pub fn zone(model: &Model, schedule: &Schedule) -> TimeZone {
    let named = schedule.time_zone.as_ref().and_then(|zone| TimeZone::get(zone).ok());
    let organization = || {
        let organization = model.all::<Organization>().next()?;
        TimeZone::get(&organization.time_zone).ok()
    };
    named.or_else(organization).unwrap_or(TimeZone::UTC)
}

/// The clock of a layer: its own, else the schedule's.
pub(crate) fn layer_zone(layer: &Layer, schedule: &TimeZone) -> TimeZone {
    let named = layer.time_zone.as_ref().and_then(|zone| TimeZone::get(zone).ok());
    named.unwrap_or_else(|| schedule.clone())
}

/// The shifts of a schedule within a window, in order, never overlapping. `exchanges` are those of any
/// schedule; of two that overlap, the later one in the list holds.
pub fn shifts<'m>(
    model: &'m Model,
    schedule: Typed<'m, Schedule>,
    exchanges: &'m [Exchange],
    within: Window,
) -> Vec<Shift<'m>> {
    let clock = zone(model, schedule.spec);
    let swaps = exchanges.iter().rev().filter(|swap| swap.schedule == schedule.name());
    let swaps = swaps.filter_map(|swap| {
        let source = Source::Swap { id: &swap.id };
        Some(Shift {
            window: swap.window.common(&within)?,
            person: Cow::Borrowed(&swap.person),
            source,
        })
    });
    let overrides = model.all::<Override>().filter(|it| it.schedule.name() == schedule.name());
    let overrides = overrides.filter_map(|it| {
        let window = Window::new(moment(&clock, it.from.value), moment(&clock, it.to.value));
        Some(Shift {
            window: window.common(&within)?,
            person: Cow::Borrowed(it.spec.person.name()),
            source: Source::Override { name: it.name() },
        })
    });
    let mut all = Vec::new();
    for single in swaps.chain(overrides) {
        all = lay_over(all, vec![single]);
    }
    let layers = schedule.spec.layers.iter().enumerate();
    for shifts in layers.map(|layer| layer_shifts(model, layer, &clock, within)) {
        all = lay_over(all, shifts);
    }
    all
}

fn layer_shifts<'m>(
    model: &'m Model,
    (number, layer): (usize, &'m Layer),
    schedule: &TimeZone,
    within: Window,
) -> Vec<Shift<'m>> {
    let clock = layer_zone(layer, schedule);
    let people = Candidate::of_layer(model, layer, &clock);
    let turns = turns(layer, &people, &clock, within);
    let hours = expand(&layer.only, &clock, within);
    let title = layer.title.as_deref();
    let mut first = 0;
    let mut found = Vec::with_capacity(turns.len());
    for turn in turns {
        while hours.get(first).is_some_and(|window| window.to <= turn.window.from) {
            first += 1;
        }
        let reached = hours[first..].iter().take_while(|window| window.from < turn.window.to);
        found.extend(reached.filter_map(|window| {
            Some(Shift {
                window: window.common(&turn.window)?,
                person: Cow::Borrowed(turn.person),
                source: Source::Layer { number, title, instead_of: turn.instead_of },
            })
        }));
    }
    found
}

/// When nobody is on call although somebody should be.
pub fn gaps(
    model: &Model,
    schedule: &Schedule,
    shifts: &[Shift<'_>],
    within: Window,
) -> Vec<Window> {
    let covered: Vec<Window> = shifts.iter().map(|shift| shift.window).collect();
    let promised = expand(&schedule.covers, &zone(model, schedule), within);
    promised.into_iter().flat_map(|window| subtract(window, &covered)).collect()
}

/// Who is on call at a moment, and who comes next.
pub fn at<'m>(
    model: &'m Model,
    schedule: Typed<'m, Schedule>,
    exchanges: &'m [Exchange],
    moment: Timestamp,
) -> OnCall<'m> {
    let from = moment.checked_sub(HORIZON).unwrap_or(Timestamp::MIN);
    let to = moment.checked_add(HORIZON).unwrap_or(Timestamp::MAX);
    let mut shifts = shifts(model, schedule, exchanges, Window::new(from, to)).into_iter();
    let now = shifts.find(|shift| moment < shift.window.to);
    match now {
        Some(now) if now.window.contains(moment) => {
            let next = shifts.find(|shift| shift.person != now.person);
            OnCall { now: Some(now), next }
        }
        next => OnCall { now: None, next },
    }
}
