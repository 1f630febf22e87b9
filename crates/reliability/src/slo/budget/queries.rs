//! What to ask Prometheus about a budget, and how its answer becomes readings.

use jiff::{SignedDuration, Timestamp};

use super::reading::{Counts, Reading};
use crate::render::prometheus::{ERRORS, EVENTS, RATIO, SAMPLE, of};
use crate::slo::{Indicator, Minutes, Slo};

/// The queries about one budget, over what the rendered rules record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Queries {
    /// Events a second, bad and all.
    Events {
        /// Bad ones.
        bad: String,
        /// All.
        total: String,
    },
    /// The ratio of errors; time is what counts.
    Ratio(String),
}

/// Samples of one series, in order of time.
pub type Series = Vec<(Timestamp, f64)>;

/// What to ask about a budget: means over each step, so that no minute between two samples is lost. Nothing about one that
/// council counts itself.
#[must_use]
pub fn queries(slo: &Slo, step: Minutes) -> Option<Queries> {
    let id = slo.id.as_str();
    let mean =
        |how: &str, metric: &str| format!("{how}(avg_over_time({}[{step}]))", of(metric, id));
    Some(match &slo.indicator {
        Indicator::Own(_) => return None,
        Indicator::Events { .. } => {
            Queries::Events { bad: mean("sum", ERRORS), total: mean("sum", EVENTS) }
        }
        Indicator::Samples(_) => Queries::Ratio(mean("avg", SAMPLE)),
        Indicator::Ratio(_) | Indicator::Composite(_) => {
            Queries::Ratio(mean("avg", &format!("{RATIO}{}", Minutes::FIVE)))
        }
    })
}

/// Turns samples into readings: one for each step, which ends at the sample. A step without a sample, or with
/// one that is no number, is a gap. `total` is `None` where time is what counts.
#[must_use]
pub fn readings(
    (from, to, step): (Timestamp, Timestamp, Minutes),
    bad: &Series,
    total: Option<&Series>,
) -> Vec<Reading> {
    let Ok(minutes) = i64::try_from(step.count()) else { return Vec::new() };
    let length = SignedDuration::from_mins(minutes);
    let seconds = length.as_secs_f64();
    let mut readings = Vec::new();
    let mut start = from;
    while start < to {
        let Ok(end) = start.checked_add(length) else { break };
        let rates = at(bad, end)
            .and_then(|bad| Some((bad, total.map_or(Some(1.0), |total| at(total, end))?)));
        let seen = match rates {
            None => Err("Prometheus has no sample".to_owned()),
            Some((bad, total)) if bad > total * MOST_BAD => {
                Err("more is bad than there is, so the query does not measure it".to_owned())
            }
            Some((bad, total)) => {
                Ok(Counts { bad: bad.min(total) * seconds, total: total * seconds })
            }
        };
        readings.push(Reading { from: start, to: end, seen });
        start = end;
    }
    readings
}

/// How many times more bad than all may come of two rates that were scraped at slightly different moments.
const MOST_BAD: f64 = 1.05;

/// The sample at a moment, if it is a number that can be counted.
fn at(series: &Series, moment: Timestamp) -> Option<f64> {
    let place = series.binary_search_by(|(at, _)| at.cmp(&moment)).ok()?;
    series.get(place).map(|(_, value)| *value).filter(|value| value.is_finite() && *value >= 0.0)
}
