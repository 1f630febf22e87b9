//! A small Tempo: search by TraceQL, and one trace ("Tempo HTTP API"), in the plain JSON of protocol buffers.

use std::collections::BTreeMap;

use axum::extract::{Path, Query, State};
use axum::response::IntoResponse as _;
use axum::routing::{get, post};
use axum::{Json, Router};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::scan::Scanner;
use super::spans::{Kept, Spans, Wanted, go_duration, push, resources, search, trace};
use super::{Answer, Parameters, bad, epoch, needed, only, serve};

/// Starts one.
pub(crate) async fn start() -> String {
    let router = Router::new()
        .route("/v1/traces", post(push))
        .route("/api/search", get(find))
        .route("/api/v2/traces/{id}", get(one))
        .with_state(Spans::default());
    serve(router).await
}

async fn find(State(spans): State<Spans>, Query(asked): Query<Parameters>) -> Answer {
    only(&asked, &["q", "limit", "start", "end", "spss"])?;
    let (from, to) = (epoch(&asked, "start", 10)?, epoch(&asked, "end", 10)?);
    let limit = needed(&asked, "limit")?.parse().map_err(|_| bad("invalid limit"))?;
    let mut wanted = parse(needed(&asked, "q")?).map_err(bad)?;
    (wanted.from, wanted.to) = (from * 1_000_000_000, to * 1_000_000_000);
    let found = search(&spans, &wanted, limit);
    let traces: Vec<Value> = found.iter().map(|it| summary(it)).collect();
    Ok(Json(json!({"traces": traces, "metrics": {"completedJobs": 1, "totalJobs": 1}}))
        .into_response())
}

async fn one(
    State(spans): State<Spans>,
    Path(id): Path<String>,
    Query(asked): Query<Parameters>,
) -> Answer {
    only(&asked, &["start", "end"])?;
    for name in asked.keys() {
        epoch(&asked, name, 10)?;
    }
    let found = trace(&spans, &id);
    if found.is_empty() {
        // As Tempo 3 does; earlier ones answer with 404 and nothing.
        return Ok(Json(json!({"trace": {}, "metrics": {}})).into_response());
    }
    let plain = |span: &mut Value| {
        for name in ["traceId", "spanId", "parentSpanId"] {
            if let Some(id) = span[name].as_str() {
                span[name] = json!(base64(id));
            }
        }
        if span["status"]["code"] == 2 {
            span["status"]["code"] = json!("STATUS_CODE_ERROR");
        }
    };
    Ok(Json(json!({"trace": {"resourceSpans": resources(&found, plain)}, "metrics": {}}))
        .into_response())
}

fn base64(hexadecimal: &str) -> String {
    let digit = |c: &u8| char::from(*c).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let digits: Option<Vec<u8>> = hexadecimal.as_bytes().iter().map(digit).collect();
    let digits = digits.expect("hexadecimal digits");
    STANDARD.encode(digits.chunks(2).map(|pair| pair[0] << 4 | pair[1]).collect::<Vec<u8>>())
}

fn summary(spans: &[Kept]) -> Value {
    let root = spans.iter().find(|span| !span.json["parentSpanId"].is_string());
    let start = spans.iter().map(|span| span.start).min().expect("a span");
    let end = spans.iter().map(|span| span.end).max().expect("a span");
    let mut services: BTreeMap<&str, (u32, u32)> = BTreeMap::new();
    for span in spans {
        let counts = services.entry(&span.service).or_default();
        counts.0 += 1;
        counts.1 += u32::from(span.failed);
    }
    let stats: serde_json::Map<String, Value> = services
        .into_iter()
        // Zeros are left out, as protocol buffers do.
        .map(|(name, (spans, errors))| match errors {
            0 => (name.to_owned(), json!({"spanCount": spans})),
            errors => (name.to_owned(), json!({"spanCount": spans, "errorCount": errors})),
        })
        .collect();
    json!({
        "traceID": spans[0].trace.trim_start_matches('0'),
        "rootServiceName": root.map_or("<root span not yet received>", |root| root.service.as_str()),
        "rootTraceName": root.map(|root| root.json["name"].clone()),
        "startTimeUnixNano": start.to_string(),
        "durationMs": i64::try_from((end - start) / 1_000_000).expect("a duration"),
        "serviceStats": stats,
    })
}

/// Reads `{ resource.service.name = "x" && duration >= 5ns && status = error }`.
fn parse(query: &str) -> Result<Wanted, String> {
    let mut scanner = Scanner(query);
    scanner.need("{")?;
    scanner.need("resource.service.name")?;
    scanner.need("=")?;
    let service = scanner.string()?;
    let mut wanted = Wanted { service, from: 0, to: 0, at_least: 0, only_errors: false };
    while scanner.eat("&&") {
        if scanner.eat("duration") {
            scanner.need(">=")?;
            wanted.at_least = go_duration(&scanner.word(""))?;
        } else {
            scanner.need("status")?;
            scanner.need("=")?;
            scanner.need("error")?;
            wanted.only_errors = true;
        }
    }
    scanner.need("}")?;
    if scanner.is_done() { Ok(wanted) } else { Err(format!("parse error at {}", scanner.0)) }
}
