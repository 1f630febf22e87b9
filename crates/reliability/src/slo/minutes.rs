//! Whole minutes, the finest length that OpenSLO knows, written as Prometheus writes it.

use std::fmt;

/// A length of whole minutes, at least one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Minutes(u64);

impl Minutes {
    /// The shortest window with a rate in it, when samples come every minute or more often.
    pub const FIVE: Self = Self(5);

    /// Makes a length; zero becomes one minute.
    #[must_use]
    pub const fn of(count: u64) -> Self {
        Self(if count == 0 { 1 } else { count })
    }

    /// Makes a length of hours.
    #[must_use]
    pub const fn of_hours(hours: u64) -> Self {
        Self::of(hours * 60)
    }

    /// Makes a length of days.
    #[must_use]
    pub const fn of_days(days: u64) -> Self {
        Self::of(days * 1_440)
    }

    /// How many.
    #[must_use]
    pub const fn count(self) -> u64 {
        self.0
    }

    /// The same in words: `5 minutes`, `1 hour`, `30 days`.
    #[must_use]
    pub fn words(self) -> String {
        let (count, unit) = self.largest();
        let word = match unit {
            'd' => "day",
            'h' => "hour",
            _ => "minute",
        };
        format!("{count} {word}{}", if count == 1 { "" } else { "s" })
    }

    /// The largest unit of which it is a whole number. Weeks are left out: nobody reads `4w2d`.
    const fn largest(self) -> (u64, char) {
        if self.0.is_multiple_of(1_440) {
            (self.0 / 1_440, 'd')
        } else if self.0.is_multiple_of(60) {
            (self.0 / 60, 'h')
        } else {
            (self.0, 'm')
        }
    }
}

impl fmt::Display for Minutes {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (count, unit) = self.largest();
        write!(formatter, "{count}{unit}")
    }
}
