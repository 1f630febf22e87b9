//! What people decided about a budget: time that does not count, and a new beginning. Both need a reason.

use std::fmt;

use jiff::Timestamp;

use super::reading::seconds;

/// Why somebody amended a budget; never empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason(String);

impl Reason {
    /// Takes a reason; `None` when there is nothing in it.
    #[must_use]
    pub fn new(text: &str) -> Option<Self> {
        let text = text.trim();
        (!text.is_empty()).then(|| Self(text.to_owned()))
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// Time that does not count, such as an announced maintenance.
#[derive(Clone, Debug, PartialEq)]
pub struct Exclusion {
    /// From when on.
    pub from: Timestamp,
    /// Until when, exclusively.
    pub to: Timestamp,
    /// Why.
    pub reason: Reason,
}

/// A new beginning: what was before no longer counts.
#[derive(Clone, Debug, PartialEq)]
pub struct Reset {
    /// When.
    pub at: Timestamp,
    /// Why.
    pub reason: Reason,
}

/// All amendments of one budget.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Amendments {
    /// Time that does not count, in any order; pieces may overlap.
    pub exclusions: Vec<Exclusion>,
    /// New beginnings, in any order.
    pub resets: Vec<Reset>,
}

impl Amendments {
    /// The last reset up to now, if it lies after a moment.
    pub(super) fn beginning(&self, from: Timestamp, now: Timestamp) -> Timestamp {
        let resets = self.resets.iter().map(|reset| reset.at).filter(|at| *at <= now);
        resets.max().map_or(from, |at| at.max(from))
    }

    /// The seconds of a piece of time that count.
    pub(super) fn counting(&self, from: Timestamp, to: Timestamp) -> f64 {
        let clipped = |one: &Exclusion| (one.from.max(from), one.to.min(to));
        let mut pieces: Vec<_> =
            self.exclusions.iter().map(clipped).filter(|(from, to)| from < to).collect();
        pieces.sort();
        let mut counting = seconds(from, to);
        let mut done = from;
        for (start, end) in pieces {
            counting -= seconds(start.max(done), end);
            done = done.max(end);
        }
        counting.max(0.0)
    }
}
