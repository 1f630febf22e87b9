//! The time that a budget is counted over: rolling, or from one calendar date to the next.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp, Unit, Zoned};
use thiserror::Error;

use super::Minutes;
use crate::kinds::openslo::{SloDuration, TimeWindow};

/// Days that a month, quarter and year count for where only a fixed length will do: factors of alerts
/// and ranges of queries. A calendar window's own borders never use them.
const NOMINAL_DAYS: [(char, u64); 3] = [('M', 30), ('Q', 90), ('Y', 365)];

/// The time that a budget is counted over.
#[derive(Clone, Debug, PartialEq)]
pub enum Window {
    /// The last so many minutes.
    Rolling(Minutes),
    /// From one date to the next, in a time zone.
    Calendar {
        /// When the first one began, or one of them.
        start: Zoned,
        /// How long each is.
        every: SloDuration,
    },
}

/// What is wrong with a window.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum WindowFault {
    /// No such time zone.
    #[error("there is no time zone `{0}`")]
    UnknownZone(String),
    /// No date and time.
    #[error("`{0}` is no date and time")]
    NoTime(String),
    /// There is no calendar though the window does not roll.
    #[error("the window does not roll, and does not say when it begins")]
    NoCalendar,
}

impl Window {
    /// Thirty days, rolling: what counts where nobody says otherwise.
    pub const DEFAULT: Self = Self::Rolling(Minutes::of_days(30));

    /// Reads OpenSLO's window.
    ///
    /// # Errors
    /// Says why the calendar cannot be read. A local time that a change of clocks skips or repeats is
    /// taken as the moment before the change for a repeated time, and after it for a skipped one.
    pub fn of_openslo(window: &TimeWindow) -> Result<Self, WindowFault> {
        let every = window.duration.value;
        if window.is_rolling {
            return Ok(Self::Rolling(nominal(every)));
        }
        let calendar = window.calendar.as_ref().ok_or(WindowFault::NoCalendar)?;
        let zone = TimeZone::get(&calendar.time_zone)
            .map_err(|_| WindowFault::UnknownZone(calendar.time_zone.value.clone()))?;
        let start = civil(&calendar.start_time)?;
        let start = zone
            .to_ambiguous_zoned(start)
            .compatible()
            .map_err(|_| WindowFault::NoTime(calendar.start_time.value.clone()))?;
        Ok(Self::Calendar { start, every })
    }

    /// Its length; for calendar months, quarters and years 30, 90 and 365 days.
    #[must_use]
    pub fn length(&self) -> Minutes {
        match self {
            Self::Rolling(length) => *length,
            Self::Calendar { every, .. } => nominal(*every),
        }
    }

    /// The window that a moment lies in: from when on, and when it ends (for a rolling one: now).
    ///
    /// `None` when the calendar runs out of years.
    #[must_use]
    pub fn bounds(&self, now: Timestamp) -> Option<(Timestamp, Timestamp)> {
        match self {
            Self::Rolling(length) => {
                let length = i64::try_from(length.count()).ok()?;
                let from = now.checked_sub(jiff::SignedDuration::from_mins(length)).ok()?;
                Some((from, now))
            }
            Self::Calendar { start, every } => calendar_bounds(start, *every, now),
        }
    }
}

impl std::fmt::Display for Window {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Rolling(length) => write!(formatter, "{}, rolling", length.words()),
            Self::Calendar { start, every } => {
                let zone = start.time_zone().iana_name().unwrap_or("UTC");
                write!(formatter, "{every} from {} ({zone})", start.datetime())
            }
        }
    }
}

/// Reads `2026-01-01 00:00:00`.
pub(crate) fn civil(text: &str) -> Result<DateTime, WindowFault> {
    text.trim().replacen(' ', "T", 1).parse().map_err(|_| WindowFault::NoTime(text.to_owned()))
}

/// Whether a local time happens twice or never where clocks change.
pub(crate) fn is_ambiguous(start: DateTime, zone: &TimeZone) -> bool {
    zone.to_ambiguous_zoned(start).is_ambiguous()
}

fn nominal(every: SloDuration) -> Minutes {
    every.minutes().map_or_else(
        || {
            let days = NOMINAL_DAYS.iter().find(|(unit, _)| *unit == every.unit);
            Minutes::of_days(days.map_or(30, |(_, days)| days * u64::from(every.count)))
        },
        Minutes::of,
    )
}

/// Counts whole windows between the start and now, in civil time, and adds them to the start: so a
/// window of a day has 23 or 25 hours where clocks change, and one of a month begins on its day.
fn calendar_bounds(
    start: &Zoned,
    every: SloDuration,
    now: Timestamp,
) -> Option<(Timestamp, Timestamp)> {
    let count = i64::from(every.count);
    let nth = |number: i64| -> Option<Timestamp> {
        let units = number.checked_mul(count)?;
        let span = Span::new();
        let span = match every.unit {
            'm' => span.try_minutes(units),
            'h' => span.try_hours(units),
            'd' => span.try_days(units),
            'w' => span.try_weeks(units),
            'M' => span.try_months(units),
            'Q' => span.try_months(units.checked_mul(3)?),
            _ => span.try_years(units),
        };
        Some(start.checked_add(span.ok()?).ok()?.timestamp())
    };
    let (unit, each) = match every.unit {
        'm' => (Unit::Minute, 1),
        'h' => (Unit::Hour, 1),
        'd' => (Unit::Day, 1),
        'w' => (Unit::Week, 1),
        'M' => (Unit::Month, 1),
        'Q' => (Unit::Month, 3),
        _ => (Unit::Year, 1),
    };
    let passed = start.until((unit, &now.to_zoned(start.time_zone().clone()))).ok()?;
    let passed = match unit {
        Unit::Minute => passed.get_minutes(),
        Unit::Hour => passed.get_hours().into(),
        Unit::Day => passed.get_days().into(),
        Unit::Week => passed.get_weeks().into(),
        Unit::Month => passed.get_months().into(),
        _ => passed.get_years().into(),
    };
    let mut number = passed.div_euclid(count.checked_mul(each)?);
    // Rounding towards zero is one off before the start, and clocks that change may be one off too.
    while nth(number)? > now {
        number -= 1;
    }
    while nth(number + 1)? <= now {
        number += 1;
    }
    Some((nth(number)?, nth(number + 1)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(start: &str, every: &str, now: &str, expect: (&str, &str)) {
        let every = SloDuration::parse(every).unwrap();
        let window = Window::Calendar { start: start.parse().unwrap(), every };
        let (from, to) = window.bounds(now.parse().unwrap()).unwrap();
        assert_eq!((from.to_string().as_str(), to.to_string().as_str()), expect);
    }

    #[test]
    fn a_month_begins_at_midnight_of_its_own_zone() {
        let start = "2026-01-01T00:00[Europe/Berlin]";
        let march = ("2026-02-28T23:00:00Z", "2026-03-31T22:00:00Z");
        check(start, "1M", "2026-03-15T12:00:00Z", march);
        check(start, "1M", "2026-02-28T23:00:00Z", march);
        check(start, "1M", "2026-03-31T21:59:59Z", march);
        check(
            start,
            "1Q",
            "2026-11-22T10:00:00Z",
            ("2026-09-30T22:00:00Z", "2026-12-31T23:00:00Z"),
        );
    }

    #[test]
    fn a_day_has_23_or_25_hours_where_clocks_change() {
        let start = "2026-01-01T00:00[Europe/Berlin]";
        let spring = ("2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z");
        check(start, "1d", "2026-03-29T10:00:00Z", spring);
        let autumn = ("2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z");
        check(start, "1d", "2026-10-25T10:00:00Z", autumn);
    }

    #[test]
    fn before_the_start_there_are_windows_too() {
        let start = "2026-06-01T12:00[America/New_York]";
        check(
            start,
            "1w",
            "2026-05-30T00:00:00Z",
            ("2026-05-25T16:00:00Z", "2026-06-01T16:00:00Z"),
        );
    }

    #[test]
    fn a_rolling_window_ends_now_and_a_month_of_it_has_thirty_days() {
        let every = playbook::Spanned {
            value: SloDuration::parse("1M").unwrap(),
            span: diag::Span::default(),
        };
        let window = TimeWindow { duration: every, is_rolling: true, calendar: None };
        let window = Window::of_openslo(&window).unwrap();
        assert_eq!(window, Window::DEFAULT);
        let now: Timestamp = "2026-03-31T00:00:00Z".parse().unwrap();
        let (from, to) = window.bounds(now).unwrap();
        assert_eq!((from.to_string().as_str(), to), ("2026-03-01T00:00:00Z", now));
    }
}
