//! What each person carries: hours, nights, weekend days, public holidays.

use std::collections::BTreeMap;

use jiff::SignedDuration;
use jiff::civil::{Date, Weekday};
use schemars::JsonSchema;
use serde::Serialize;

use super::super::{Shift, Window, midnight, moment};
use super::minutes;
use super::people::Worker;
use crate::kinds::OnCallTerms;

/// From how long on a night or a day off is spoilt. Less is the edge of a shift around its hand-off, or on
/// the clock of somebody who lives elsewhere.
pub(super) const SPOILT: SignedDuration = SignedDuration::from_hours(3);

/// What one person carries. A night or a day counts from three hours on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Load {
    /// The person's name.
    pub person: String,
    /// Shifts.
    pub shifts: u32,
    /// Whole hours on call.
    pub hours: i64,
    /// Nights.
    pub nights: u32,
    /// Saturdays and Sundays.
    pub weekend_days: u32,
    /// Public holidays of their country.
    pub holidays: u32,
    /// How all of it compares with an equal share.
    pub share: Share,
}

/// A person's part, beside what an equal part would be. 100 is equal, 150 half as much again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Share {
    /// Of the hours.
    pub hours: i64,
    /// Of the nights.
    pub nights: i64,
    /// Of the weekend days.
    pub weekend_days: i64,
    /// Of the public holidays.
    pub holidays: i64,
}

/// The loads of everybody, the most hours first.
pub(super) fn loads(
    workers: &[Worker<'_>],
    shifts: &[Shift<'_>],
    terms: &OnCallTerms,
) -> Vec<Load> {
    let by_name: BTreeMap<&str, usize> =
        workers.iter().enumerate().map(|(at, worker)| (worker.name.as_str(), at)).collect();
    let named = |worker: &Worker<'_>| Load { person: worker.name.clone(), ..Load::default() };
    let mut tallies: Vec<Tally> =
        workers.iter().map(|worker| Tally { load: named(worker), ..Tally::default() }).collect();
    for shift in shifts {
        if let Some(&at) = by_name.get(&*shift.person) {
            tallies[at].add(&workers[at], shift, terms);
        }
    }
    let mut loads: Vec<Load> = tallies.into_iter().map(|tally| tally.load).collect();
    compare(&mut loads);
    loads.sort_by(|left, right| {
        right.hours.cmp(&left.hours).then_with(|| left.person.cmp(&right.person))
    });
    loads
}

fn spoils(shift: &Shift<'_>, whole: Window) -> bool {
    shift.window.common(&whole).is_some_and(|part| part.length() >= SPOILT)
}

/// A load under way. Each day and night counts once, even when two shifts touch it.
#[derive(Default)]
struct Tally {
    load: Load,
    minutes: i64,
    last_night: Option<Date>,
    last_day: Option<Date>,
}

impl Tally {
    fn add(&mut self, worker: &Worker<'_>, shift: &Shift<'_>, terms: &OnCallTerms) {
        let (from, to) = (shift.window.from, shift.window.to);
        self.load.shifts += 1;
        self.minutes += minutes(from, to);
        self.load.hours = self.minutes / 60;
        let first = worker.zone.to_datetime(from).date();
        let mut day = first.yesterday().unwrap_or(first);
        let last = worker.zone.to_datetime(to).date();
        while day <= last {
            let Ok(tomorrow) = day.tomorrow() else { break };
            self.night(worker, day, shift, terms);
            let whole = Window::new(midnight(&worker.zone, day), midnight(&worker.zone, tomorrow));
            if spoils(shift, whole) {
                self.day(worker, day);
            }
            day = tomorrow;
        }
    }

    /// Counts the night that begins on a day.
    fn night(&mut self, worker: &Worker<'_>, day: Date, shift: &Shift<'_>, terms: &OnCallTerms) {
        if self.last_night.is_some_and(|last| last >= day) {
            return;
        }
        let end = if terms.night.to > terms.night.from { Ok(day) } else { day.tomorrow() };
        let Ok(end) = end else { return };
        let from = moment(&worker.zone, day.to_datetime(terms.night.from));
        let to = moment(&worker.zone, end.to_datetime(terms.night.to));
        if spoils(shift, Window::new(from, to)) {
            self.last_night = Some(day);
            self.load.nights += 1;
        }
    }

    fn day(&mut self, worker: &Worker<'_>, day: Date) {
        if self.last_day.is_some_and(|last| last >= day) {
            return;
        }
        self.last_day = Some(day);
        if matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday) {
            self.load.weekend_days += 1;
        }
        self.load.holidays += u32::from(worker.is_holiday(day));
    }
}

/// Sets each load beside an equal part.
fn compare(loads: &mut [Load]) {
    let people = i64::try_from(loads.len()).unwrap_or(i64::MAX);
    let sum = |of: fn(&Load) -> i64| loads.iter().map(of).sum::<i64>();
    let (hours, nights) = (sum(|load| load.hours), sum(|load| i64::from(load.nights)));
    let weekend_days = sum(|load| i64::from(load.weekend_days));
    let holidays = sum(|load| i64::from(load.holidays));
    let share = |own: i64, all: i64| if all == 0 { 100 } else { own * people * 100 / all };
    for load in loads {
        load.share = Share {
            hours: share(load.hours, hours),
            nights: share(i64::from(load.nights), nights),
            weekend_days: share(i64::from(load.weekend_days), weekend_days),
            holidays: share(i64::from(load.holidays), holidays),
        };
    }
}
