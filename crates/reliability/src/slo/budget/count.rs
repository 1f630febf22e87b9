//! Counting: readings of a window into what is left of its budget.

use jiff::Timestamp;
use rust_decimal::prelude::ToPrimitive as _;

use super::amendments::Amendments;
use super::forecast::{Forecast, forecast};
use super::reading::{Counts, Reading, seconds};
use crate::slo::{Minutes, Objective, Window};

/// The windows that a budget's burn is shown over: those that alerts look at.
const BURN_WINDOWS: [Minutes; 4] =
    [Minutes::of_hours(1), Minutes::of_hours(6), Minutes::of_hours(24), Minutes::of_hours(72)];

/// The window that the forecast extends: a day smooths the night, and still sees a bad afternoon.
const FORECAST_WINDOW: Minutes = Minutes::of_hours(24);

/// What is left of a budget: 1 is all of it, 0 none, and less than 0 more than there was.
#[derive(Clone, Debug, PartialEq)]
pub enum Remaining {
    /// Everything was measured.
    Known(f64),
    /// Something was not: if all of that was bad, and if none of it was.
    Between {
        /// If all of it was bad.
        worst: f64,
        /// If none of it was.
        best: f64,
    },
    /// Nothing was measured, and why.
    Unknown(String),
}

/// How fast a budget goes over one window.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Burn {
    /// The window.
    pub over: Minutes,
    /// How many times faster than evenly; `None` when nothing was measured, 0 when nothing happened.
    pub rate: Option<f64>,
}

/// Time without measurements.
#[derive(Clone, Debug, PartialEq)]
pub struct Gap {
    /// From when on.
    pub from: Timestamp,
    /// Until when.
    pub to: Timestamp,
    /// Why.
    pub why: String,
}

/// What was left at a moment.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// The moment.
    pub at: Timestamp,
    /// What was left; `None` inside a gap.
    pub left: Option<f64>,
}

/// The state of one budget.
#[derive(Clone, Debug, PartialEq)]
pub struct Budget {
    /// Where counting begins: the window's start, or the last reset.
    pub from: Timestamp,
    /// When a calendar window ends; `None` for a rolling one.
    pub end: Option<Timestamp>,
    /// What was counted.
    pub counts: Counts,
    /// What is left.
    pub remaining: Remaining,
    /// How fast it goes.
    pub burn: Vec<Burn>,
    /// The rate that the forecast extends.
    pub recent: Option<f64>,
    /// When it will be gone.
    pub forecast: Forecast,
    /// Time without measurements since measuring began.
    pub gaps: Vec<Gap>,
    /// What was left, reading by reading.
    pub history: Vec<Point>,
}

/// Computes a budget. Readings come in order of time and do not overlap; what lies before the first one
/// that says something is time before measuring began, which is no gap.
#[must_use]
pub fn budget(
    (objective, window): (Objective, &Window),
    readings: &[Reading],
    amendments: &Amendments,
    now: Timestamp,
) -> Budget {
    let (start, end) = window.bounds(now).unwrap_or((now, now));
    let end = matches!(window, Window::Calendar { .. }).then_some(end);
    let from = amendments.beginning(start, now);
    // Budgets are more than zero: an objective of 1 cannot be made.
    let allowed = objective.budget().ratio().to_f64().unwrap_or(f64::MIN_POSITIVE);
    let began = readings.iter().position(|one| one.seen.is_ok()).unwrap_or(readings.len());
    let measured = Measured { readings: readings.get(began..).unwrap_or_default(), amendments };
    let whole = measured.over(from, now);
    let remaining = whole.remaining(allowed);
    let burn: Vec<Burn> = BURN_WINDOWS
        .into_iter()
        .filter(|over| *over < window.length())
        .map(|over| Burn { over, rate: measured.burn(over, (from, now), allowed) })
        .collect();
    let recent = measured.burn(FORECAST_WINDOW.min(window.length()), (from, now), allowed);
    let length = std::time::Duration::from_secs(window.length().count() * 60).as_secs_f64();
    Budget {
        from,
        end,
        counts: whole.counts,
        forecast: forecast(&remaining, recent, length, (now, end)),
        remaining,
        burn,
        recent,
        gaps: measured.gaps(from, now),
        history: measured.history((from, now), whole.counts.total * allowed),
    }
}

impl Budget {
    /// The same measurements against another objective: what was spent is as many times more of a budget as that
    /// one is smaller.
    #[must_use]
    pub fn against(
        &self,
        (was, is): (Objective, Objective),
        window: &Window,
        now: Timestamp,
    ) -> Self {
        let ratio = |one: Objective| one.budget().ratio().to_f64().unwrap_or(f64::MIN_POSITIVE);
        let times = ratio(was) / ratio(is);
        let left = |left: f64| 1.0 - (1.0 - left) * times;
        let remaining = match &self.remaining {
            Remaining::Known(known) => Remaining::Known(left(*known)),
            Remaining::Between { worst, best } => {
                Remaining::Between { worst: left(*worst), best: left(*best) }
            }
            Remaining::Unknown(why) => Remaining::Unknown(why.clone()),
        };
        let recent = self.recent.map(|rate| rate * times);
        let length = std::time::Duration::from_secs(window.length().count() * 60).as_secs_f64();
        let burn =
            self.burn.iter().map(|burn| Burn { rate: burn.rate.map(|it| it * times), ..*burn });
        let point = |point: &Point| Point { left: point.left.map(left), ..*point };
        Self {
            from: self.from,
            end: self.end,
            counts: self.counts,
            forecast: forecast(&remaining, recent, length, (now, self.end)),
            remaining,
            burn: burn.collect(),
            recent,
            gaps: self.gaps.clone(),
            history: self.history.iter().map(point).collect(),
        }
    }
}

/// Readings since measuring began.
struct Measured<'r> {
    readings: &'r [Reading],
    amendments: &'r Amendments,
}

/// What was counted over some time, and for how long nothing was.
#[derive(Clone, Copy, Debug, Default)]
struct Sum {
    counts: Counts,
    known_seconds: f64,
    unknown_seconds: f64,
}

impl Measured<'_> {
    /// Each reading inside of a time, with the part of it that counts in seconds.
    fn inside(&self, from: Timestamp, to: Timestamp) -> impl Iterator<Item = (&Reading, f64)> {
        self.readings.iter().filter_map(move |reading| {
            let (start, end) = (reading.from.max(from), reading.to.min(to));
            let counting = self.amendments.counting(start.min(end), end);
            (counting > 0.0).then_some((reading, counting))
        })
    }

    fn over(&self, from: Timestamp, to: Timestamp) -> Sum {
        self.inside(from, to).fold(Sum::default(), |sum, (reading, counting)| match &reading.seen {
            Ok(counts) => {
                let part = counts.part(counting / seconds(reading.from, reading.to));
                Sum {
                    counts: sum.counts.plus(part),
                    known_seconds: sum.known_seconds + counting,
                    ..sum
                }
            }
            Err(_) => Sum { unknown_seconds: sum.unknown_seconds + counting, ..sum },
        })
    }

    fn burn(
        &self,
        over: Minutes,
        (from, now): (Timestamp, Timestamp),
        allowed: f64,
    ) -> Option<f64> {
        let length = i64::try_from(over.count()).ok()?;
        let since = now.checked_sub(jiff::SignedDuration::from_mins(length)).ok()?.max(from);
        let sum = self.over(since, now);
        (sum.known_seconds > 0.0).then(|| sum.spent(allowed))
    }

    fn gaps(&self, from: Timestamp, to: Timestamp) -> Vec<Gap> {
        let mut gaps: Vec<Gap> = Vec::new();
        for (reading, _) in self.inside(from, to) {
            let Err(why) = &reading.seen else { continue };
            match gaps.last_mut().filter(|gap| gap.to >= reading.from && gap.why == *why) {
                Some(gap) => gap.to = reading.to.min(to),
                None => gaps.push(Gap {
                    from: reading.from.max(from),
                    to: reading.to.min(to),
                    why: why.clone(),
                }),
            }
        }
        gaps
    }

    /// What was left, against what the whole window allows.
    fn history(&self, (from, to): (Timestamp, Timestamp), allowed: f64) -> Vec<Point> {
        let mut bad = 0.0;
        self.inside(from, to)
            .map(|(reading, counting)| {
                let seen = reading.seen.as_ref().ok();
                let left = seen.map(|counts| {
                    bad += counts.part(counting / seconds(reading.from, reading.to)).bad;
                    if allowed > 0.0 { 1.0 - bad / allowed } else { 1.0 }
                });
                Point { at: reading.to.min(to), left }
            })
            .collect()
    }
}

impl Sum {
    /// The part of the budget that was spent; nothing where nothing happened.
    fn spent(&self, allowed: f64) -> f64 {
        if self.counts.total > 0.0 { self.counts.bad / self.counts.total / allowed } else { 0.0 }
    }

    fn remaining(&self, allowed: f64) -> Remaining {
        if self.known_seconds <= 0.0 {
            return Remaining::Unknown("nothing was measured in this window".to_owned());
        }
        if self.unknown_seconds <= 0.0 {
            return Remaining::Known(1.0 - self.spent(allowed));
        }
        // In the gap as much happened as in the same time elsewhere.
        let missed = self.counts.total * self.unknown_seconds / self.known_seconds;
        let total = self.counts.total + missed;
        let left = |bad: f64| if total > 0.0 { 1.0 - bad / total / allowed } else { 1.0 };
        Remaining::Between { worst: left(self.counts.bad + missed), best: left(self.counts.bad) }
    }
}
