//! What a simulated Prometheus answers about what was promised to users: a month that went well, and one promise that has
//! been broken a little too often since the day before yesterday.
//!
//! It knows the series that the rendered rules record, by their names, and computes each sample from the time alone: asked
//! twice, it says the same. Everything else it answers with no series, as a Prometheus does that never scraped it.

use std::f64::consts::TAU;

use axum::extract::{Form, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use axum::routing::post;
use axum::{Json, Router};
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use serde_json::json;

/// Something that was promised.
#[derive(Debug, Clone, PartialEq)]
pub struct Promise {
    /// The id of the objective, as the label `slo` says it.
    pub id: String,
    /// The share of what happens that may be bad, between 0 and 1.
    pub may_fail: f64,
}

/// What was promised, and since when the first of it goes wrong.
#[derive(Debug, Clone)]
pub struct Metrics {
    promises: Vec<Promise>,
    wrong_since: Timestamp,
}

/// The samples that one answer may have, as with Prometheus.
const MOST_SAMPLES: i64 = 11_000;

/// Before somebody looks, it has been going wrong for so long: about a third of a month's budget is gone by then.
const WRONG_FOR: SignedDuration = SignedDuration::from_hours(44);

/// How many times more fails than the promise allows while it goes wrong.
const WRONG: f64 = 5.0;

/// The part of a budget that an ordinary month takes.
const USUAL: f64 = 0.3;

impl Metrics {
    /// The metrics of an estate that somebody begins to look at.
    #[must_use]
    pub fn new(promises: Vec<Promise>, now: Timestamp) -> Self {
        Self { promises, wrong_since: now - WRONG_FOR }
    }

    /// The value of a query at a moment; none for what nobody recorded.
    fn value(&self, query: &str, at: Timestamp) -> Option<f64> {
        let id = query.split_once("slo=\"")?.1.split_once('"')?.0;
        let number = self.promises.iter().position(|promise| promise.id == id)?;
        let (rate, share) = (traffic(at), self.share(number, at));
        if query.contains("slo:sli_errors:rate5m") {
            Some(rate * share)
        } else if query.contains("slo:sli_events:rate5m") {
            Some(rate)
        } else {
            query.contains("slo:sli_error:").then_some(share)
        }
    }

    /// The share that is bad; of the first promise more, since a while.
    fn share(&self, number: usize, at: Timestamp) -> f64 {
        let goes_wrong = number == 0 && at >= self.wrong_since;
        let times = if goes_wrong { WRONG } else { USUAL };
        let usual = times * (1.0 + 0.2 * wave(at, 7.0));
        self.promises.get(number).map_or(0.0, |promise| (promise.may_fail * usual).min(1.0))
    }
}

/// Events a second: most of them by day.
fn traffic(at: Timestamp) -> f64 {
    40.0 + 30.0 * wave(at, 24.0)
}

/// Between -1 and 1, and the same again after so many hours.
fn wave(at: Timestamp, hours: f64) -> f64 {
    let hour = at.as_duration().as_secs_f64() / 3_600.0;
    (hour / hours * TAU).sin()
}

/// The part of Prometheus' interface that asks for a range.
pub(crate) fn router(metrics: Metrics) -> Router {
    Router::new()
        .route("/prometheus/api/v1/query_range", post(range))
        .with_state(std::sync::Arc::new(metrics))
}

#[derive(Deserialize)]
struct Range {
    query: String,
    start: String,
    end: String,
    step: String,
}

async fn range(
    State(metrics): State<std::sync::Arc<Metrics>>,
    Form(asked): Form<Range>,
) -> Response {
    let Some((start, end, step)) = bounds(&asked) else {
        return refused("`start` and `end` are moments, `step` a number of seconds above 0");
    };
    if (end - start) / step > MOST_SAMPLES {
        return refused("exceeded maximum resolution of 11,000 points per timeseries");
    }
    let moments = std::iter::successors(Some(start), |at| Some(at + step));
    let values: Vec<_> = moments
        .take_while(|at| *at <= end)
        .filter_map(|at| {
            let value = metrics.value(&asked.query, Timestamp::from_second(at).ok()?)?;
            Some(json!([at, value.to_string()]))
        })
        .collect();
    let series =
        if values.is_empty() { json!([]) } else { json!([{ "metric": {}, "values": values }]) };
    let data = json!({ "resultType": "matrix", "result": series });
    Json(json!({ "status": "success", "data": data })).into_response()
}

/// The bounds in seconds of Unix time, and the step between.
fn bounds(asked: &Range) -> Option<(i64, i64, i64)> {
    let moment = |text: &str| text.parse::<Timestamp>().ok().map(Timestamp::as_second);
    let step: i64 = asked.step.trim_end_matches('s').parse().ok()?;
    Some((moment(&asked.start)?, moment(&asked.end)?, step)).filter(|(.., step)| *step > 0)
}

fn refused(why: &str) -> Response {
    let body = json!({ "status": "error", "errorType": "bad_data", "error": why });
    (StatusCode::BAD_REQUEST, Json(body)).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn metrics() -> (Metrics, Timestamp) {
        let now: Timestamp = "2026-11-23T12:00:00Z".parse().unwrap();
        let promise = |id: &str| Promise { id: id.to_owned(), may_fail: 0.001 };
        (Metrics::new(vec![promise("checkout"), promise("search")], now), now)
    }

    fn ask(of: &str, id: &str) -> String {
        format!("sum(avg_over_time({of}{{slo=\"{id}\"}}[5m]))")
    }

    #[test]
    fn the_first_promise_goes_wrong_since_the_day_before_yesterday() {
        let (metrics, now) = metrics();
        let share = |id: &str, at| {
            let bad = metrics.value(&ask("slo:sli_errors:rate5m", id), at).unwrap();
            bad / metrics.value(&ask("slo:sli_events:rate5m", id), at).unwrap()
        };
        let before = now - SignedDuration::from_hours(50);
        assert!(share("checkout", before) < 0.000_5 && share("checkout", now) > 0.003);
        assert!(share("search", now) < 0.000_5);
    }

    #[test]
    fn what_nobody_recorded_has_no_sample() {
        let (metrics, now) = metrics();
        assert_eq!(metrics.value("up", now), None);
        assert_eq!(metrics.value(&ask("slo:sli_error:sample", "none"), now), None);
        assert_eq!(metrics.value(&ask("node_load1", "checkout"), now), None);
        assert!(metrics.value(&ask("slo:sli_error:sample", "checkout"), now).is_some());
    }
}
