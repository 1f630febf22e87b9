//! A small Loki: pushes, and log queries over a range ("Loki HTTP API").

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::{Value, json};

use super::scan::Scanner;
use super::{Answer, Parameters, bad, epoch, needed, only, serve};

type Labels = BTreeMap<String, String>;

#[derive(Clone, Default)]
struct Loki {
    /// Time in nanoseconds, labels, line; in the order of pushes.
    lines: Arc<Mutex<Vec<(i128, Labels, String)>>>,
    tenant: Option<String>,
}

/// Starts one, for one tenant or without.
pub(crate) async fn start(tenant: Option<&str>) -> String {
    let loki = Loki { tenant: tenant.map(str::to_owned), ..Loki::default() };
    let router = Router::new()
        .route("/loki/api/v1/push", post(push))
        .route("/loki/api/v1/query_range", get(query_range))
        .with_state(loki);
    serve(router).await
}

impl Loki {
    fn admit(&self, headers: &HeaderMap) -> Result<(), Response> {
        let tenant = headers.get("x-scope-orgid").and_then(|it| it.to_str().ok());
        match tenant == self.tenant.as_deref() || self.tenant.is_none() {
            true => Ok(()),
            false => Err((StatusCode::UNAUTHORIZED, "no org id").into_response()),
        }
    }
}

async fn push(State(loki): State<Loki>, headers: HeaderMap, Json(body): Json<Value>) -> Answer {
    loki.admit(&headers)?;
    for stream in body["streams"].as_array().ok_or_else(|| bad("no streams"))? {
        let labels: Labels = serde_json::from_value(stream["stream"].clone()).expect("labels");
        for value in stream["values"].as_array().ok_or_else(|| bad("no values"))? {
            let at = value[0].as_str().and_then(|at| at.parse().ok()).ok_or_else(|| bad("time"))?;
            let line = value[1].as_str().ok_or_else(|| bad("line"))?.to_owned();
            let mut labels = labels.clone();
            // As `discover_log_levels` does.
            let level = labels.get("level").cloned().unwrap_or_else(|| "unknown".to_owned());
            labels.insert("detected_level".to_owned(), level);
            loki.lines.lock().expect("a lock").push((at, labels, line));
        }
    }
    Ok(StatusCode::NO_CONTENT.into_response())
}

async fn query_range(
    State(loki): State<Loki>,
    headers: HeaderMap,
    Query(asked): Query<Parameters>,
) -> Answer {
    const KNOWN: [&str; 8] =
        ["query", "limit", "start", "end", "since", "step", "interval", "direction"];
    loki.admit(&headers)?;
    only(&asked, &KNOWN)?;
    let (from, to) = (epoch(&asked, "start", 19)?, epoch(&asked, "end", 19)?);
    let limit: usize = needed(&asked, "limit")?.parse().map_err(|_| bad("limit"))?;
    if limit > 5_000 {
        return Err(bad(
            "max entries limit per query exceeded, limit > max_entries_limit_per_query",
        ));
    }
    if needed(&asked, "direction")? != "forward" {
        return Err(bad("only forward is emulated"));
    }
    let matches = parse(needed(&asked, "query")?).map_err(bad)?;
    let lines = loki.lines.lock().expect("a lock");
    let mut found: Vec<_> = lines
        .iter()
        .filter(|(at, labels, line)| (from..to).contains(at) && matches(labels, line))
        .collect();
    found.sort_by_key(|(at, ..)| *at);
    found.truncate(limit);
    let mut streams: BTreeMap<&Labels, Vec<Value>> = BTreeMap::new();
    for (at, labels, line) in found {
        streams.entry(labels).or_default().push(json!([at.to_string(), line]));
    }
    let result: Vec<Value> = streams
        .iter()
        .map(|(stream, values)| json!({"stream": stream, "values": values}))
        .collect();
    let data = json!({"resultType": "streams", "result": result, "stats": {}});
    Ok(Json(json!({"status": "success", "data": data})).into_response())
}

/// Reads `{label="value"} |= "text" | label=~"(?i)(a|b)"`.
fn parse(query: &str) -> Result<impl Fn(&Labels, &str) -> bool + use<>, String> {
    let mut scanner = Scanner(query);
    scanner.need("{")?;
    let label = scanner.word("_");
    scanner.need("=")?;
    let value = scanner.string()?;
    scanner.need("}")?;
    let text = if scanner.eat("|=") { Some(scanner.string()?) } else { None };
    let level = if scanner.eat("|") {
        let label = scanner.word("_");
        scanner.need("=~")?;
        let pattern = scanner.string()?;
        let words = pattern.strip_prefix("(?i)(").and_then(|it| it.strip_suffix(')'));
        let words = words.ok_or("only (?i)(a|b) is emulated")?;
        Some((label, words.split('|').map(str::to_owned).collect::<Vec<_>>()))
    } else {
        None
    };
    if !scanner.is_done() {
        return Err(format!("parse error: syntax error: unexpected {}", scanner.0));
    }
    Ok(move |labels: &Labels, line: &str| {
        labels.get(&label) == Some(&value)
            && text.as_deref().is_none_or(|text| line.contains(text))
            && level.as_ref().is_none_or(|(label, words)| {
                labels.get(label).is_some_and(|it| words.contains(&it.to_lowercase()))
            })
    })
}
