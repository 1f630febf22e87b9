//! When a budget will be gone, if it goes on as it goes.

use jiff::{SignedDuration, Timestamp};

use super::count::Remaining;

/// When a budget will be gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Forecast {
    /// It is gone.
    Spent,
    /// At about this time.
    At(Timestamp),
    /// Not before its window ends, or never at this rate.
    Lasts,
    /// Too little is known.
    Unknown,
}

/// Extends the present burn as a straight line: what is left of a budget lasts for `left × window / burn`.
/// A rolling window also forgets old errors, so the true date is later, never earlier.
pub(super) fn forecast(
    remaining: &Remaining,
    burn: Option<f64>,
    window_seconds: f64,
    (now, end): (Timestamp, Option<Timestamp>),
) -> Forecast {
    let left = match remaining {
        Remaining::Known(left) => *left,
        // The careful side: what may already be gone is taken as gone.
        Remaining::Between { worst, .. } => *worst,
        Remaining::Unknown(_) => return Forecast::Unknown,
    };
    if left <= 0.0 {
        return match remaining {
            Remaining::Between { best, .. } if *best > 0.0 => Forecast::Unknown,
            Remaining::Known(_) | Remaining::Between { .. } | Remaining::Unknown(_) => {
                Forecast::Spent
            }
        };
    }
    let Some(burn) = burn else { return Forecast::Unknown };
    // A rolling window that burns evenly or slower refills as fast as it empties.
    if burn <= 0.0 || (end.is_none() && burn <= 1.0) {
        return Forecast::Lasts;
    }
    let seconds = SignedDuration::try_from_secs_f64(left * window_seconds / burn);
    let at = seconds.ok().and_then(|seconds| now.checked_add(seconds).ok());
    match (at, end) {
        (Some(at), Some(end)) if at >= end => Forecast::Lasts,
        (Some(at), _) => Forecast::At(at),
        (None, _) => Forecast::Lasts,
    }
}
