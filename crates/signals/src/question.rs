//! What is asked: a service in a window, narrowed or not.

use jiff::{SignedDuration, Timestamp};

use crate::{Severity, SignalError, Store};

/// The most lines of one excerpt. One more is asked for, to see whether there are more, and 5,000 is what Loki answers with
/// at most (`max_entries_limit_per_query`).
pub const MOST_LINES: u32 = 4_999;

/// The most traces of one search. Jaeger's own page offers 1,500; each is read whole.
pub const MOST_TRACES: u32 = 499;

/// A span of time; its start is in it, its end is not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    from: Timestamp,
    to: Timestamp,
}

impl Window {
    /// Takes a start and an end after it; nothing when the end is not after the start, or is before 1970.
    #[must_use]
    pub fn new(from: Timestamp, to: Timestamp) -> Option<Self> {
        (from < to && from >= Timestamp::UNIX_EPOCH).then_some(Self { from, to })
    }

    /// Its start, which is in it.
    #[must_use]
    pub fn from(&self) -> Timestamp {
        self.from
    }

    /// Its end, which is not in it.
    #[must_use]
    pub fn to(&self) -> Timestamp {
        self.to
    }

    pub(crate) fn contains(&self, at: Timestamp) -> bool {
        self.from <= at && at < self.to
    }

    /// Start and end in whole milliseconds since 1970 as RFC 3339, the start rounded down, the end up; nothing beyond the calendar.
    pub(crate) fn in_milliseconds(&self) -> Option<[String; 2]> {
        let (from, to) = self.in_units_of(1_000_000);
        let write = |milliseconds: i128| {
            let at = Timestamp::from_millisecond(i64::try_from(milliseconds).ok()?).ok()?;
            Some(format!("{at:.3}"))
        };
        Some([write(from)?, write(to)?])
    }

    /// Start and end in units of so many nanoseconds since 1970: the start rounded down, the end up.
    pub(crate) fn in_units_of(&self, nanoseconds: i128) -> (i128, i128) {
        let from = self.from.as_nanosecond().div_euclid(nanoseconds);
        let to = (self.to.as_nanosecond() + nanoseconds - 1).div_euclid(nanoseconds);
        (from, to)
    }
}

/// What a service wrote.
#[derive(Clone, Debug)]
pub struct LogQuestion {
    /// When.
    pub window: Window,
    /// Which service, by the name that its lines carry.
    pub service: String,
    /// Only lines with this text. Loki finds it anywhere and minds upper and lower case; Elasticsearch, OpenSearch and Graylog
    /// find it as a phrase of whole words in any case.
    pub text: Option<String>,
    /// Only lines at least this bad. Lines whose severity the store does not know are left out.
    pub severity: Option<Severity>,
    /// How many lines at most: 1 to [`MOST_LINES`]; more is cut to that.
    pub limit: u32,
}

/// What a service did.
#[derive(Clone, Debug)]
pub struct TraceQuestion {
    /// When: Tempo finds traces that were under way in it, Jaeger those with a span of the service that began in it.
    pub window: Window,
    /// Which service, by its `service.name`.
    pub service: String,
    /// Only traces in which one span of the service took at least this long.
    pub at_least: Option<SignedDuration>,
    /// Only traces in which that span failed.
    pub only_errors: bool,
    /// How many traces at most: 1 to [`MOST_TRACES`]; more is cut to that.
    pub limit: u32,
}

impl LogQuestion {
    pub(crate) fn limit(&self) -> u32 {
        self.limit.clamp(1, MOST_LINES)
    }

    /// The text to look for; an empty one is none.
    pub(crate) fn text(&self) -> Option<&str> {
        self.text.as_deref().filter(|text| !text.is_empty())
    }
}

impl TraceQuestion {
    pub(crate) fn limit(&self) -> u32 {
        self.limit.clamp(1, MOST_TRACES)
    }

    pub(crate) fn at_least(&self) -> Option<SignedDuration> {
        self.at_least.filter(|duration| duration.is_positive())
    }
}

/// A question without a service would read everybody's lines.
pub(crate) fn check_service(store: Store, service: &str) -> Result<(), SignalError> {
    if service.trim().is_empty() {
        let why = "it names no service; give the name that the service's lines carry".to_owned();
        return Err(SignalError::Settings { store, why });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_has_a_length_and_keeps_it_in_coarser_units() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let (from, to) = (at("2026-01-01T00:00:00.9Z"), at("2026-01-01T00:00:01.1Z"));
        assert!(Window::new(to, from).is_none() && Window::new(to, to).is_none());
        let window = Window::new(from, to).unwrap();
        assert_eq!(window.in_units_of(1_000_000_000), (1_767_225_600, 1_767_225_602));
        assert!(window.contains(from) && !window.contains(to));
    }
}
