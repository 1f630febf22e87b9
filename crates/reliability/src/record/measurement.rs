//! Measurements: what council counted itself, by probes and from what services pushed.
//!
//! Who has a Prometheus asks it, and nothing of it is written here. Who has none still wants to know what is left of a budget, and
//! to prove it later: what was counted is news like any other.
//!
//! Invariants: what was counted is never changed; several councils may count the same, and their counts add up; a step in which
//! nobody counted is unknown, and never a good one. Steps of five minutes are kept for a week, and hours for more than a year.

use std::collections::BTreeMap;

use governance::Refusal;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::Facts;
use super::facts::Actor;
use crate::slo::budget::{Counts as Seen, Reading};

/// The noun of the stream.
pub const NOUN: &str = "measurement";

/// The one stream.
pub const STREAM: &str = "own";

/// Seconds of a step.
pub const STEP: i64 = 300;

/// Steps of an hour.
const OF_HOUR: i64 = 12;

/// How long steps are kept.
const FINE: i64 = 7 * 24 * OF_HOUR;

/// How long hours are kept: a year, the longest window, and a month.
const HOURS: i64 = 396 * 24;

/// How late a count may be written down.
const LATE: SignedDuration = SignedDuration::from_hours(2);

/// What is counted: bad events, and all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Count {
    /// Bad ones.
    pub bad: u64,
    /// All of them.
    pub total: u64,
}

impl Count {
    /// Both together.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        let bad = self.bad.saturating_add(other.bad);
        Self { bad, total: self.total.saturating_add(other.total) }
    }
}

/// What the counter wants written down.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Command {
    /// What was counted within one step.
    Count {
        /// When the step began.
        from: Timestamp,
        /// By [`Own::key`](crate::slo::Own::key).
        counts: BTreeMap<String, Count>,
    },
}

/// What was counted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Event {
    /// Within one step.
    Counted {
        /// When the step began.
        from: Timestamp,
        /// By [`Own::key`](crate::slo::Own::key).
        counts: BTreeMap<String, Count>,
    },
}

/// What was counted of one source.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    /// The last week, by the number of the step since 1970.
    steps: BTreeMap<i64, Count>,
    /// What is older, by the number of the hour, with how many of its steps were counted.
    hours: BTreeMap<i64, (Count, i64)>,
}

impl State {
    /// Adds what was counted within a step.
    pub fn add(&mut self, from: Timestamp, count: Count) {
        let step = from.as_second().div_euclid(STEP);
        let known = self.steps.entry(step).or_default();
        *known = known.plus(count);
        let newest = self.steps.last_key_value().map_or(step, |(newest, _)| *newest);
        while let Some(oldest) = self.steps.first_entry().filter(|it| *it.key() <= newest - FINE) {
            let hour = oldest.key().div_euclid(OF_HOUR);
            let (known, steps) = self.hours.entry(hour).or_default();
            *known = known.plus(oldest.remove());
            *steps = (*steps + 1).min(OF_HOUR);
        }
        let forgotten = newest.div_euclid(OF_HOUR) - HOURS;
        while self.hours.first_entry().is_some_and(|it| *it.key() <= forgotten) {
            self.hours.pop_first();
        }
    }

    /// The end of the last step in which something was counted.
    #[must_use]
    pub fn newest(&self) -> Option<Timestamp> {
        let (step, _) = self.steps.last_key_value()?;
        moment((step + 1).checked_mul(STEP)?)
    }

    /// What was counted in the steps that end after one moment and begin before another: of the steps at both ends all of it, so
    /// that a window holds up to five minutes more than it says.
    #[must_use]
    pub fn within(&self, (from, to): (Timestamp, Timestamp)) -> Count {
        let first = from.as_second().div_euclid(STEP);
        let last = (to.as_second() - 1).div_euclid(STEP);
        let steps = self.steps.range(first..=last.max(first)).map(|(_, count)| *count);
        steps.fold(Count::default(), Count::plus)
    }

    /// What was counted since a moment, as a budget reads it: one reading for each step or hour, and one for each gap.
    #[must_use]
    pub fn readings(&self, (from, to): (Timestamp, Timestamp)) -> Vec<Reading> {
        let hours = self.hours.iter().map(|(hour, (count, steps))| {
            let begin = hour * OF_HOUR * STEP;
            (begin, begin + steps * STEP, *count)
        });
        let steps = self.steps.iter().map(|(step, count)| (step * STEP, (step + 1) * STEP, *count));
        let mut readings = Vec::new();
        let mut known = from;
        for (begin, end, count) in hours.chain(steps) {
            let (Some(begin), Some(end)) = (moment(begin), moment(end)) else { continue };
            let (begin, end) = (begin.max(known), end.min(to));
            if end <= begin {
                continue;
            }
            readings.extend(gap(known, begin));
            let seen = Ok(Seen { bad: float(count.bad), total: float(count.total) });
            readings.push(Reading { from: begin, to: end, seen });
            known = end;
        }
        // The step that goes on was not yet written down.
        let behind = SignedDuration::from_secs(2 * STEP);
        if to.duration_since(known) > behind {
            readings.extend(gap(known, to));
        }
        readings
    }
}

fn gap(from: Timestamp, to: Timestamp) -> Option<Reading> {
    let seen = Err("council did not count".to_owned());
    (to > from).then_some(Reading { from, to, seen })
}

fn moment(second: i64) -> Option<Timestamp> {
    Timestamp::from_second(second).ok()
}

#[expect(clippy::cast_precision_loss, reason = "nobody counts 2^53 events in an hour")]
fn float(count: u64) -> f64 {
    count as f64
}

/// Writes down what was counted, or says why not.
///
/// # Errors
/// Refuses people, counts of nothing, more bad than all, and steps that lie ahead or long ago.
pub fn decide(command: &Command, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
    let Command::Count { from, counts } = command;
    if facts.actor != Actor::Council {
        return Err(Refusal::new("needs-council", "only council counts"));
    }
    if counts.is_empty() {
        return Err(Refusal::new("nothing-new", "nothing was counted"));
    }
    if counts.values().any(|count| count.bad > count.total) {
        return Err(Refusal::new("impossible", "more is bad than there is"));
    }
    let is_step = from.as_second().rem_euclid(STEP) == 0 && from.subsec_nanosecond() == 0;
    if !is_step || *from > facts.now || facts.now.duration_since(*from) > LATE {
        return Err(Refusal::new(
            "impossible",
            "no step of now or of the last two hours begins then",
        ));
    }
    Ok(vec![Event::Counted { from: *from, counts: counts.clone() }])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(step: i64) -> Timestamp {
        Timestamp::from_second(1_700_000_100 / STEP * STEP + step * STEP).expect("a moment")
    }

    fn counted(steps: impl IntoIterator<Item = (i64, u64, u64)>) -> State {
        let mut state = State::default();
        for (step, bad, total) in steps {
            state.add(at(step), Count { bad, total });
        }
        state
    }

    #[test]
    fn counts_of_the_same_step_add_up_and_gaps_are_unknown() {
        let state = counted([(0, 1, 10), (0, 0, 5), (2, 0, 10)]);
        let readings = state.readings((at(0), at(3)));
        let seen: Vec<_> = readings.iter().map(|it| it.seen.clone().ok()).collect();
        let count = |bad, total| Some(Seen { bad, total });
        assert_eq!(seen, [count(1.0, 15.0), None, count(0.0, 10.0)]);
        // What was not written down yet is no gap; what should have been is.
        assert_eq!(state.readings((at(0), at(5))).len(), 3);
        assert_eq!(state.readings((at(0), at(6))).last().map(|it| it.to), Some(at(6)));
    }

    #[test]
    fn a_window_holds_every_step_that_it_touches() {
        let state = counted([(0, 1, 10), (1, 2, 10), (2, 4, 10), (3, 8, 10)]);
        assert_eq!(state.within((at(1), at(3))), Count { bad: 6, total: 20 });
        let soon = at(3) + SignedDuration::from_secs(1);
        assert_eq!(
            state.within((soon - SignedDuration::from_secs(300), soon)),
            Count { bad: 12, total: 20 }
        );
    }

    #[test]
    fn what_is_older_than_a_week_is_kept_by_the_hour() {
        let hour = at(0).as_second().rem_euclid(3_600) / STEP;
        let first = OF_HOUR - hour;
        let state = counted((first..first + FINE + OF_HOUR).map(|step| (step, 1, 2)));
        assert_eq!((state.steps.len(), state.hours.len()), (2_016, 1));
        let readings = state.readings((at(first), at(first + FINE + OF_HOUR)));
        let total: f64 =
            readings.iter().filter_map(|it| it.seen.as_ref().ok()).map(|it| it.total).sum();
        assert!((total - 4_056.0).abs() < 0.5, "{total}");
        assert_eq!(readings[0].seen, Ok(Seen { bad: 12.0, total: 24.0 }));
    }

    #[test]
    fn a_part_of_an_hour_that_nobody_counted_is_a_gap() {
        let hour = at(0).as_second().rem_euclid(3_600) / STEP;
        let first = OF_HOUR - hour;
        let state = counted([(first, 0, 2), (first + 1, 0, 2), (first + 2 * FINE, 0, 2)]);
        let readings = state.readings((at(first), at(first + OF_HOUR)));
        let known: Vec<_> = readings
            .iter()
            .map(|it| (it.to.as_second() - it.from.as_second(), it.seen.is_ok()))
            .collect();
        assert_eq!(known, [(600, true), (3_000, false)]);
    }
}
