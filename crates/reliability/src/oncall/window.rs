//! Stretches of real time, and what is done with sorted lists of them.

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A stretch of real time, with its end left out.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
pub struct Window {
    /// The first moment.
    pub from: Timestamp,
    /// The first moment that no longer belongs to it.
    pub to: Timestamp,
}

impl Window {
    /// Makes a window.
    pub fn new(from: Timestamp, to: Timestamp) -> Self {
        Self { from, to }
    }

    /// The days from one to another, the last one left out, on a clock.
    pub fn of_days(from: Date, to: Date, zone: &TimeZone) -> Self {
        Self { from: midnight(zone, from), to: midnight(zone, to) }
    }

    /// Says whether a moment belongs to it.
    pub fn contains(&self, at: Timestamp) -> bool {
        self.from <= at && at < self.to
    }

    /// How long it is.
    pub fn length(&self) -> SignedDuration {
        self.to.duration_since(self.from)
    }

    /// What belongs to both.
    pub fn common(&self, other: &Self) -> Option<Self> {
        let (from, to) = (self.from.max(other.from), self.to.min(other.to));
        (from < to).then_some(Self { from, to })
    }
}

/// A local time as a moment. One that a day skips is the next that exists; one that it has twice is
/// the first of both (RFC 5545, section 3.3.5).
pub(crate) fn moment(zone: &TimeZone, at: DateTime) -> Timestamp {
    let far = if at.year() < 0 { Timestamp::MIN } else { Timestamp::MAX };
    zone.to_ambiguous_timestamp(at).compatible().unwrap_or(far)
}

/// The beginning of a day.
pub(crate) fn midnight(zone: &TimeZone, day: Date) -> Timestamp {
    moment(zone, DateTime::from_parts(day, Time::midnight()))
}

/// What is left of a window without others, which are in order and do not overlap.
pub(crate) fn subtract(window: Window, others: &[Window]) -> Vec<Window> {
    let mut left = Vec::new();
    let mut from = window.from;
    let start = others.partition_point(|other| other.to <= window.from);
    for other in others.iter().skip(start).take_while(|other| other.from < window.to) {
        if from < other.from {
            left.push(Window::new(from, other.from));
        }
        from = from.max(other.to);
    }
    if from < window.to {
        left.push(Window::new(from, window.to));
    }
    left
}

/// Puts windows in order and joins those that touch.
pub(crate) fn joined(mut windows: Vec<Window>) -> Vec<Window> {
    windows.sort_unstable();
    let mut joined: Vec<Window> = Vec::with_capacity(windows.len());
    for window in windows {
        match joined.last_mut() {
            Some(last) if window.from <= last.to => last.to = last.to.max(window.to),
            Some(_) | None => joined.push(window),
        }
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::*;

    fn window(from: i64, to: i64) -> Window {
        let at = |second| Timestamp::from_second(second).expect("a moment");
        Window::new(at(from), at(to))
    }

    #[test]
    fn what_is_taken_out_is_gone_and_the_rest_stays() {
        let others = [window(0, 2), window(4, 5), window(5, 6), window(9, 12)];
        assert_eq!(subtract(window(1, 10), &others), [window(2, 4), window(6, 9)]);
        assert_eq!(subtract(window(4, 6), &others), []);
        assert_eq!(subtract(window(20, 30), &others), [window(20, 30)]);
        assert_eq!(
            joined(vec![window(4, 6), window(1, 2), window(2, 3)]),
            [window(1, 3), window(4, 6)]
        );
    }
}
