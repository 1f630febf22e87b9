//! What was measured over one piece of time.

use jiff::Timestamp;

/// What was measured over one piece of time.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    /// From when on.
    pub from: Timestamp,
    /// Until when, exclusively.
    pub to: Timestamp,
    /// What was counted, or why nothing is known.
    pub seen: Result<Counts, String>,
}

/// What was counted: events, or seconds where time is what the budget counts.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Counts {
    /// What was bad.
    pub bad: f64,
    /// All of it.
    pub total: f64,
}

impl Counts {
    /// The same rate of bad and all over a part of the time, from 0 to 1.
    pub(super) fn part(self, part: f64) -> Self {
        Self { bad: self.bad * part, total: self.total * part }
    }

    pub(super) fn plus(self, other: Self) -> Self {
        Self { bad: self.bad + other.bad, total: self.total + other.total }
    }
}

/// Seconds between two moments, none when the second comes first.
pub(super) fn seconds(from: Timestamp, to: Timestamp) -> f64 {
    to.duration_since(from).as_secs_f64().max(0.0)
}
