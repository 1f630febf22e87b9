//! A small Jaeger: its published interface v3, and the older one of its page.

use std::collections::BTreeMap;

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use jiff::Timestamp;
use serde_json::{Value, json};

use super::spans::{Kept, Spans, Wanted, go_duration, push, resources, search, trace};
use super::{Answer, Parameters, bad, epoch, needed, only, serve};

/// Starts one.
pub(crate) async fn start() -> String {
    let router = Router::new()
        .route("/v1/traces", post(push))
        .route("/api/v3/traces", get(find))
        .route("/api/v3/traces/{id}", get(one))
        .route("/api/traces", get(find_old))
        .route("/api/traces/{id}", get(one_old))
        .with_state(Spans::default());
    serve(router).await
}

async fn find(State(spans): State<Spans>, Query(asked): Query<Parameters>) -> Answer {
    const KNOWN: [&str; 10] = [
        "query.serviceName",
        "query.operationName",
        "query.startTimeMin",
        "query.startTimeMax",
        "query.durationMin",
        "query.durationMax",
        "query.searchDepth",
        "query.rawTraces",
        "query.attributes",
        "query.filter",
    ];
    only(&asked, &KNOWN)?;
    let wanted = Wanted {
        service: needed(&asked, "query.serviceName")?.to_owned(),
        from: moment(&asked, "query.startTimeMin")?,
        to: moment(&asked, "query.startTimeMax")?,
        at_least: duration(&asked, "query.durationMin")?,
        only_errors: errors(&asked, "query.attributes")?,
    };
    let limit = needed(&asked, "query.searchDepth")?.parse().map_err(|_| bad("searchDepth"))?;
    wrapped(&search(&spans, &wanted, limit).concat())
}

async fn one(
    State(spans): State<Spans>,
    Path(id): Path<String>,
    Query(asked): Query<Parameters>,
) -> Answer {
    only(&asked, &["startTime", "endTime", "rawTraces"])?;
    for name in asked.keys() {
        moment(&asked, name)?;
    }
    wrapped(&trace(&spans, &id))
}

/// As the gateway of v3 wraps what it found.
fn wrapped(spans: &[Kept]) -> Answer {
    if spans.is_empty() {
        let error = json!({"error": {"httpCode": 404, "message": "No traces found"}});
        return Err((StatusCode::NOT_FOUND, error.to_string()).into_response());
    }
    Ok(Json(json!({"result": {"resourceSpans": resources(spans, |_| {})}})).into_response())
}

async fn find_old(State(spans): State<Spans>, Query(asked): Query<Parameters>) -> Answer {
    const KNOWN: [&str; 9] = [
        "service",
        "operation",
        "start",
        "end",
        "limit",
        "minDuration",
        "maxDuration",
        "tag",
        "tags",
    ];
    only(&asked, &KNOWN)?;
    let wanted = Wanted {
        service: needed(&asked, "service")?.to_owned(),
        from: epoch(&asked, "start", 16)? * 1_000,
        to: epoch(&asked, "end", 16)? * 1_000,
        at_least: duration(&asked, "minDuration")?,
        only_errors: errors(&asked, "tags")?,
    };
    let limit = needed(&asked, "limit")?.parse().map_err(|_| bad("limit"))?;
    let found: Vec<Value> = search(&spans, &wanted, limit).iter().map(|it| old(it)).collect();
    Ok(Json(json!({"data": found, "total": 0, "limit": 0, "offset": 0, "errors": null}))
        .into_response())
}

async fn one_old(
    State(spans): State<Spans>,
    Path(id): Path<String>,
    Query(asked): Query<Parameters>,
) -> Answer {
    only(&asked, &["start", "end", "raw", "prettyPrint"])?;
    for name in asked.keys() {
        epoch(&asked, name, 16)?;
    }
    let found = trace(&spans, &id);
    if found.is_empty() {
        let error = json!({"data": null, "errors": [{"code": 404, "msg": "trace not found"}]});
        return Err((StatusCode::NOT_FOUND, error.to_string()).into_response());
    }
    Ok(Json(json!({"data": [old(&found)], "errors": null})).into_response())
}

/// A trace as Jaeger's page reads it: microseconds, references, processes; zeros at the front of numbers dropped.
fn old(spans: &[Kept]) -> Value {
    let short = |id: &Value| id.as_str().unwrap_or_default().trim_start_matches('0').to_owned();
    let mut processes = BTreeMap::new();
    let mut written = Vec::new();
    for span in spans {
        let process = format!("p-{}", span.service);
        processes.insert(process.clone(), json!({"serviceName": span.service, "tags": []}));
        let parent = &span.json["parentSpanId"];
        let references = match parent.is_string() {
            true => {
                json!([{"refType": "CHILD_OF", "traceID": short(&span.json["traceId"]), "spanID": short(parent)}])
            }
            false => json!([]),
        };
        let mut tags: Vec<Value> = Vec::new();
        for pair in span.json["attributes"].as_array().into_iter().flatten() {
            tags.push(json!({"key": pair["key"], "type": "string", "value": pair["value"]["stringValue"]}));
        }
        if span.failed {
            tags.push(json!({"key": "error", "type": "bool", "value": true}));
            tags.push(json!({"key": "otel.status_description", "type": "string", "value": span.json["status"]["message"]}));
        }
        written.push(json!({
            "traceID": short(&span.json["traceId"]), "spanID": short(&span.json["spanId"]),
            "operationName": span.json["name"], "references": references, "tags": tags, "logs": [],
            "startTime": i64::try_from(span.start / 1_000).expect("a time"),
            "duration": i64::try_from((span.end - span.start) / 1_000).expect("a duration"),
            "processID": process, "warnings": null,
        }));
    }
    let id = spans.first().map(|span| short(&span.json["traceId"]));
    json!({"traceID": id, "spans": written, "processes": processes, "warnings": null})
}

fn moment(asked: &Parameters, name: &str) -> Result<i128, Response> {
    let at: Result<Timestamp, _> = needed(asked, name)?.parse();
    at.map(Timestamp::as_nanosecond).map_err(|_| bad(format!("malformed parameter {name}")))
}

fn duration(asked: &Parameters, name: &str) -> Result<i128, Response> {
    asked.get(name).map_or(Ok(0), |text| go_duration(text).map_err(bad))
}

fn errors(asked: &Parameters, name: &str) -> Result<bool, Response> {
    match asked.get(name).map(|text| serde_json::from_str::<Value>(text)) {
        None => Ok(false),
        Some(Ok(tags)) if tags == json!({"error": "true"}) => Ok(true),
        Some(_) => Err(bad(format!("malformed parameter {name}"))),
    }
}
