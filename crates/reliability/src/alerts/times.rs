//! Hours in which nobody is told of an alert, or only in which somebody is.

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use crate::kinds::Stretch;
use crate::oncall::Window;

/// Says whether a moment lies in one of the stretches.
pub(super) fn within(stretches: &[Stretch], zone: &TimeZone, now: Timestamp) -> bool {
    let second = now.checked_add(SignedDuration::from_secs(1)).unwrap_or(now);
    !stretches.is_empty()
        && !crate::oncall::expand(stretches, zone, Window::new(now, second)).is_empty()
}
