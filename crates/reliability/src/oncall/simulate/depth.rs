//! How many people stand behind the hours of a schedule: its bus factor.
//!
//! Who takes part changes only on days on which somebody joins or leaves, and the hours of a layer only
//! with the day of the week; so one week after each such day says it all, however many years are asked
//! for.

use std::collections::BTreeSet;

use jiff::ToSpan;
use jiff::civil::Date;
use playbook::Model;
use schemars::JsonSchema;
use serde::Serialize;

use super::super::resolve::{layer_zone, zone};
use super::super::{Candidate, Window, expand};
use crate::kinds::Schedule;

/// The smallest number of people among whom an hour is shared.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Depth {
    /// How many people; whoever is the only one can never be ill.
    pub people: usize,
    /// When that first is so.
    pub at: Option<Window>,
    /// Who they are.
    pub names: Vec<String>,
}

/// The smallest number of people who share an hour that should be covered, within a window.
pub fn depth(model: &Model, schedule: &Schedule, within: Window) -> Depth {
    let clock = zone(model, schedule);
    let day_of = |at| clock.to_datetime(at).date();
    let (first, last) = (day_of(within.from), day_of(within.to));
    let mut days = BTreeSet::from([first]);
    let layers: Vec<_> = schedule
        .layers
        .iter()
        .map(|layer| {
            let zone = layer_zone(layer, &clock);
            let people = Candidate::of_layer(model, layer, &zone);
            let changes = people.iter().flat_map(|person| [person.from, person.until]);
            let ends = layer.ends.as_ref().map(|day| day.value);
            let changes = changes.chain(ends).chain([layer.starts.value]);
            days.extend(changes.filter(|day| first < *day && *day < last));
            (layer, zone, people)
        })
        .collect();
    let mut least: Option<Depth> = None;
    for day in days {
        let week = Window::of_days(day, week_after(day), &clock);
        let Some(week) = week.common(&within) else { continue };
        let mut sharing = Vec::new();
        for (layer, zone, people) in &layers {
            let ended = layer.ends.as_ref().is_some_and(|ends| ends.value <= day);
            if ended || layer.starts.value > day {
                continue;
            }
            let here = people.iter().filter(|person| person.takes_part(day));
            let here: BTreeSet<&str> = here.map(|person| person.name).collect();
            sharing
                .extend(expand(&layer.only, zone, week).into_iter().map(|it| (it, here.clone())));
        }
        for window in expand(&schedule.covers, &clock, week) {
            let found = thinnest(window, &sharing);
            if least.as_ref().is_none_or(|least| found.people < least.people) {
                least = Some(found);
            }
        }
    }
    least.unwrap_or(Depth { people: 0, at: None, names: Vec::new() })
}

fn week_after(day: Date) -> Date {
    day.checked_add(7.days()).unwrap_or(day)
}

/// The part of a window that the fewest people share.
fn thinnest(window: Window, sharing: &[(Window, BTreeSet<&str>)]) -> Depth {
    let mut edges = BTreeSet::from([window.from, window.to]);
    edges.extend(sharing.iter().flat_map(|(part, _)| [part.from, part.to]));
    let edges: Vec<_> =
        edges.into_iter().filter(|at| window.from <= *at && *at <= window.to).collect();
    let parts = edges.windows(2).map(|pair| {
        let part = Window::new(pair[0], pair[1]);
        let here = sharing.iter().filter(|(other, _)| other.contains(part.from));
        let names: BTreeSet<&str> = here.flat_map(|(_, names)| names.iter().copied()).collect();
        (names, part)
    });
    let least = parts.min_by_key(|(names, part)| (names.len(), part.from));
    let (names, part) = least.unwrap_or((BTreeSet::new(), window));
    Depth {
        people: names.len(),
        at: Some(part),
        names: names.into_iter().map(str::to_owned).collect(),
    }
}
