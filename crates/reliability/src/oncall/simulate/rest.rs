//! Rest and working time, held against the limits of the terms (Directive 2003/88/EC by default).
//!
//! Where people wait at the workplace, every hour on call is an hour worked: daily rest, weekly rest and
//! the weekly average are computed from working hours and shifts together. Where they wait at home, only
//! call-outs are work; the plan of the terms spreads them evenly over the hours on call, which decides the
//! average, and rest is at risk in nights on call before a working day. Those are told as a run: the
//! number of nights in a row in which a call-out would cut the rest.

use std::collections::BTreeMap;

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use schemars::JsonSchema;
use serde::Serialize;

use super::super::window::joined;
use super::super::{Shift, Window, moment, subtract};
use super::fairness::SPOILT;
use super::minutes;
use super::people::Worker;
use crate::kinds::{OnCallTerms, Waiting};

/// Nights in a row in which a call-out would cut the daily rest, before it is told. Article 17 lets rest
/// be made good later; after seven such nights there was no day on which it could have been.
const NIGHTS_IN_A_ROW: u32 = 7;

/// A limit that is not kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Limit {
    /// Rest together in every 24 hours (article 3).
    DailyRest,
    /// Rest together in every seven days (article 5).
    WeeklyRest,
    /// Working hours a week, on average (article 6).
    WeeklyAverage,
    /// Nights in a row in which a call-out would cut the rest (articles 3 and 17).
    NightsInARow,
}

/// One limit that one person's shifts do not keep.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Breach {
    /// Who.
    pub person: String,
    /// Which limit.
    pub limit: Limit,
    /// How often.
    pub times: u32,
    /// When first.
    pub first: Timestamp,
    /// The worst of it: hours of rest or work (in tenths), or nights.
    pub worst: i64,
    /// What was agreed, in the same unit.
    pub agreed: i64,
}

/// All limits that are not kept, by person.
pub(super) fn breaches(
    workers: &[Worker<'_>],
    shifts: &[Shift<'_>],
    terms: &OnCallTerms,
    window: Window,
) -> Vec<Breach> {
    let mut by_person: BTreeMap<&str, Vec<Window>> = BTreeMap::new();
    for shift in shifts {
        by_person.entry(&*shift.person).or_default().push(shift.window);
    }
    let mut found = Vec::new();
    for worker in workers {
        let on_call = by_person.remove(worker.name.as_str()).unwrap_or_default();
        let work = Work::of(worker, on_call, terms, window);
        found.extend(work.weekly_average(terms));
        match terms.waiting {
            Waiting::AtTheWorkplace => {
                let (day, week) =
                    (SignedDuration::from_hours(24), SignedDuration::from_hours(24 * 7));
                found.extend(work.rest(Limit::DailyRest, day, terms.daily_rest.to_duration()));
                found.extend(work.rest(Limit::WeeklyRest, week, terms.weekly_rest.to_duration()));
            }
            Waiting::AtHome => found.extend(work.nights_in_a_row(worker, terms)),
        }
    }
    found
}

/// A worker's time.
struct Work<'w> {
    person: &'w str,
    /// Usual working hours, and where people wait at the workplace the shifts, joined.
    busy: Vec<Window>,
    /// The shifts.
    on_call: Vec<Window>,
    window: Window,
}

impl<'w> Work<'w> {
    fn of(
        worker: &'w Worker<'_>,
        on_call: Vec<Window>,
        terms: &OnCallTerms,
        window: Window,
    ) -> Self {
        let mut busy = Vec::new();
        let mut day = worker.zone.to_datetime(window.from).date();
        let last = worker.zone.to_datetime(window.to).date();
        while day <= last {
            if worker.works(day) {
                busy.extend(hours(worker, day).common(&window));
            }
            let Ok(tomorrow) = day.tomorrow() else { break };
            day = tomorrow;
        }
        if terms.waiting == Waiting::AtTheWorkplace {
            busy.extend(&on_call);
        }
        Self { person: &worker.name, busy: joined(busy), on_call, window }
    }

    fn breach(&self, limit: Limit, found: &[(Timestamp, i64)], agreed: i64) -> Option<Breach> {
        let worst = match limit {
            Limit::DailyRest | Limit::WeeklyRest => found.iter().map(|(_, value)| *value).min(),
            Limit::WeeklyAverage | Limit::NightsInARow => {
                found.iter().map(|(_, value)| *value).max()
            }
        };
        Some(Breach {
            person: self.person.to_owned(),
            limit,
            times: u32::try_from(found.len()).unwrap_or(u32::MAX),
            first: found.first()?.0,
            worst: worst?,
            agreed,
        })
    }

    /// Stretches of a length, one behind another, in which the longest rest is too short. A stretch that
    /// no work falls into is passed over.
    fn rest(&self, limit: Limit, length: SignedDuration, rest: SignedDuration) -> Option<Breach> {
        let mut found = Vec::new();
        // A stretch is counted from the beginning of work (article 3 counts per 24-hour period).
        let mut from = self.busy.first()?.from;
        let mut at = 0;
        while let Ok(to) = from.checked_add(length)
            && to <= self.window.to
        {
            let free = subtract(Window::new(from, to), &self.busy[at..]);
            let longest = free.iter().map(Window::length).max().unwrap_or(SignedDuration::ZERO);
            if longest < rest {
                found.push((from, tenths(longest)));
            }
            while self.busy.get(at).is_some_and(|busy| busy.to <= to) {
                at += 1;
            }
            let Some(next) = self.busy.get(at) else { break };
            from = next.from.max(to);
        }
        self.breach(limit, &found, tenths(rest))
    }

    /// The average of working hours a week over each reference period.
    fn weekly_average(&self, terms: &OnCallTerms) -> Option<Breach> {
        let week = SignedDuration::from_hours(24 * 7);
        let reference = usize::try_from(terms.reference_weeks.max(1)).unwrap_or(usize::MAX);
        // Minutes of work that a whole week on call brings.
        let plan = terms.call_outs.filter(|_| terms.waiting == Waiting::AtHome);
        let planned = plan.map_or(0, |plan| {
            let minutes = i64::try_from(plan.each.as_seconds() / 60).unwrap_or(i64::MAX);
            minutes.saturating_mul(i64::from(plan.per_week))
        });
        let mut weeks = Vec::new();
        let mut from = self.window.from;
        while let Ok(to) = from.checked_add(week)
            && to <= self.window.to
        {
            let part = Window::new(from, to);
            let worked = overlap(&self.busy, part);
            let call_outs = overlap(&self.on_call, part).saturating_mul(planned) / week.as_mins();
            weeks.push((from, worked + call_outs));
            from = to;
        }
        let agreed = terms.weekly_limit.to_duration().as_mins();
        let averages = weeks.windows(reference.min(weeks.len().max(1))).map(|weeks| {
            let sum: i64 = weeks.iter().map(|(_, minutes)| minutes).sum();
            let count = i64::try_from(weeks.len()).unwrap_or(i64::MAX);
            (weeks[0].0, sum / count)
        });
        let over = averages.filter(|(_, average)| *average > agreed);
        let found: Vec<_> = over.map(|(at, average)| (at, average / 6)).collect();
        self.breach(Limit::WeeklyAverage, &found, agreed / 6)
    }

    /// Runs of nights on call, each before a working day, longer than anybody can make good.
    fn nights_in_a_row(&self, worker: &Worker<'_>, terms: &OnCallTerms) -> Option<Breach> {
        let mut runs: Vec<(Timestamp, i64)> = Vec::new();
        let mut run: Option<(Date, Timestamp, u32)> = None;
        for shift in &self.on_call {
            let first = worker.zone.to_datetime(shift.from).date();
            let mut day = first.yesterday().unwrap_or(first);
            let last = worker.zone.to_datetime(shift.to).date();
            while day <= last {
                let Ok(tomorrow) = day.tomorrow() else { break };
                let night = Window::new(
                    moment(&worker.zone, day.to_datetime(terms.night.from)),
                    moment(&worker.zone, tomorrow.to_datetime(terms.night.to)),
                );
                let counted = run.is_some_and(|(last, ..)| last >= day);
                let spoilt = night.common(shift).is_some_and(|part| part.length() >= SPOILT);
                if spoilt && !counted {
                    run = Some(match run {
                        Some((last, first, count)) if last.tomorrow().ok() == Some(day) => {
                            (day, first, count + 1)
                        }
                        Some(_) | None => (day, night.from, 1),
                    });
                    if let Some((_, first, count)) =
                        run.filter(|(_, _, count)| *count > NIGHTS_IN_A_ROW)
                    {
                        match runs.last_mut() {
                            Some(last) if last.0 == first => last.1 = i64::from(count),
                            Some(_) | None => runs.push((first, i64::from(count))),
                        }
                    }
                }
                day = tomorrow;
            }
        }
        self.breach(Limit::NightsInARow, &runs, i64::from(NIGHTS_IN_A_ROW))
    }
}

/// The usual working hours of a day, in real time.
fn hours(worker: &Worker<'_>, day: Date) -> Window {
    let end = if worker.hours.to > worker.hours.from { day } else { day.tomorrow().unwrap_or(day) };
    Window::new(
        moment(&worker.zone, day.to_datetime(worker.hours.from)),
        moment(&worker.zone, end.to_datetime(worker.hours.to)),
    )
}

/// How many minutes of a window others cover; they are in order and do not overlap.
fn overlap(windows: &[Window], part: Window) -> i64 {
    let start = windows.partition_point(|window| window.to <= part.from);
    let reached = windows[start..].iter().take_while(|window| window.from < part.to);
    reached.filter_map(|window| window.common(&part)).map(|it| minutes(it.from, it.to)).sum()
}

/// Tenths of hours.
fn tenths(length: SignedDuration) -> i64 {
    length.as_mins() / 6
}
