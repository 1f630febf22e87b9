//! What both emulated stores of traces keep: spans as the OpenTelemetry protocol pushes them in JSON.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use axum::Json;
use axum::extract::State;
use axum::response::IntoResponse as _;
use serde_json::{Value, json};

use super::{Answer, bad};

/// A span as it was pushed, and whose it is.
#[derive(Clone)]
pub(crate) struct Kept {
    pub(crate) service: String,
    pub(crate) trace: String,
    pub(crate) start: i128,
    pub(crate) end: i128,
    pub(crate) failed: bool,
    pub(crate) json: Value,
}

/// All spans.
pub(crate) type Spans = Arc<Mutex<Vec<Kept>>>;

/// Which spans a search wants: all of it holds for one span.
pub(crate) struct Wanted {
    pub(crate) service: String,
    pub(crate) from: i128,
    pub(crate) to: i128,
    pub(crate) at_least: i128,
    pub(crate) only_errors: bool,
}

/// `POST /v1/traces`.
pub(crate) async fn push(State(spans): State<Spans>, Json(body): Json<Value>) -> Answer {
    for resource in body["resourceSpans"].as_array().ok_or_else(|| bad("no resourceSpans"))? {
        let attributes =
            resource["resource"]["attributes"].as_array().ok_or_else(|| bad("no resource"))?;
        let service = attributes.iter().find(|it| it["key"] == "service.name");
        let service = service.and_then(|it| it["value"]["stringValue"].as_str());
        let service = service.ok_or_else(|| bad("no service"))?;
        for span in resource["scopeSpans"][0]["spans"].as_array().ok_or_else(|| bad("no spans"))? {
            let time = |name: &str| span[name].as_str().and_then(|it| it.parse().ok());
            let (Some(start), Some(end)) = (time("startTimeUnixNano"), time("endTimeUnixNano"))
            else {
                return Err(bad("times are decimal text"));
            };
            let id = span["traceId"].as_str().filter(|it| it.len() == 32);
            spans.lock().expect("a lock").push(Kept {
                service: service.to_owned(),
                trace: id.ok_or_else(|| bad("traceId is hexadecimal"))?.to_owned(),
                start,
                end,
                failed: span["status"]["code"] == 2,
                json: span.clone(),
            });
        }
    }
    Ok(Json(json!({})).into_response())
}

/// The traces with such a span, whole, at most so many.
pub(crate) fn search(spans: &Spans, wanted: &Wanted, limit: usize) -> Vec<Vec<Kept>> {
    let spans = spans.lock().expect("a lock");
    let right = spans.iter().filter(|span| {
        span.service == wanted.service
            && span.start < wanted.to
            && span.end >= wanted.from
            && span.end - span.start >= wanted.at_least
            && (span.failed || !wanted.only_errors)
    });
    // Newest first, as real ones often do: the client has to put them in order.
    let ids: BTreeSet<&str> = right.map(|span| span.trace.as_str()).collect();
    let mut whole: BTreeMap<&str, Vec<Kept>> = BTreeMap::new();
    for span in spans.iter().filter(|span| ids.contains(span.trace.as_str())) {
        whole.entry(&span.trace).or_default().push(span.clone());
    }
    let mut traces: Vec<Vec<Kept>> = whole.into_values().collect();
    traces.sort_by_key(|trace| std::cmp::Reverse(trace.iter().map(|span| span.start).min()));
    traces.truncate(limit);
    traces
}

/// One trace.
pub(crate) fn trace(spans: &Spans, id: &str) -> Vec<Kept> {
    let spans = spans.lock().expect("a lock");
    spans.iter().filter(|span| span.trace == id).cloned().collect()
}

/// Spans in the protocol's JSON, each under its service, after a change to each.
pub(crate) fn resources(spans: &[Kept], change: impl Fn(&mut Value)) -> Vec<Value> {
    let resource = |span: &Kept| {
        let mut changed = span.json.clone();
        change(&mut changed);
        let attributes = json!([{"key": "service.name", "value": {"stringValue": span.service}}]);
        json!({"resource": {"attributes": attributes}, "scopeSpans": [{"scope": {}, "spans": [changed]}]})
    };
    spans.iter().map(resource).collect()
}

/// A duration as Go reads it; only nanoseconds are emulated.
pub(crate) fn go_duration(text: &str) -> Result<i128, String> {
    let number = text.strip_suffix("ns").and_then(|it| it.parse().ok());
    number.ok_or_else(|| format!("time: invalid duration {text}"))
}
