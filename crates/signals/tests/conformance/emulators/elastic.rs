//! A small Elasticsearch, which is a small OpenSearch as well: `_bulk` and `_search`.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse as _;
use axum::routing::{post, put};
use axum::{Json, Router};
use jiff::Timestamp;
use serde_json::{Value, json};

use super::scan::has_phrase;
use super::{Answer, Parameters, bad, only, serve};

/// Documents by index.
type Indices = Arc<Mutex<BTreeMap<String, Vec<Value>>>>;

/// Starts one.
pub(crate) async fn start() -> String {
    let router = Router::new()
        .route("/{index}", put(create))
        .route("/{index}/_bulk", post(bulk))
        .route("/{index}/_search", post(search))
        .with_state(Indices::default());
    serve(router).await
}

async fn create(State(indices): State<Indices>, Path(index): Path<String>, _: String) -> Answer {
    indices.lock().expect("a lock").entry(index).or_default();
    Ok(Json(json!({"acknowledged": true})).into_response())
}

async fn bulk(
    State(indices): State<Indices>,
    Path(index): Path<String>,
    headers: HeaderMap,
    body: String,
) -> Answer {
    if headers.get("content-type").is_none_or(|it| it != "application/x-ndjson") {
        return Err(StatusCode::NOT_ACCEPTABLE.into_response());
    }
    if !body.ends_with('\n') {
        return Err(bad("The bulk request must be terminated by a newline [\\n]"));
    }
    let lines: Result<Vec<Value>, _> = body.lines().map(serde_json::from_str).collect();
    for pair in lines.map_err(|error| bad(error.to_string()))?.chunks(2) {
        let [action, document] = pair else { return Err(bad("an action without a document")) };
        if action.get("create").is_none() {
            return Err(bad("only create is emulated"));
        }
        indices.lock().expect("a lock").entry(index.clone()).or_default().push(document.clone());
    }
    Ok(Json(json!({"errors": false, "items": []})).into_response())
}

async fn search(
    State(indices): State<Indices>,
    Path(index): Path<String>,
    Query(parameters): Query<Parameters>,
    Json(body): Json<Value>,
) -> Answer {
    only(&parameters, &[])?;
    const KNOWN: [&str; 7] =
        ["query", "sort", "size", "track_total_hits", "timeout", "fields", "_source"];
    let body = body.as_object().ok_or_else(|| bad("no object"))?;
    if let Some(strange) = body.keys().find(|key| !KNOWN.contains(&key.as_str())) {
        return Err(bad(format!("Unknown key for [{strange}]")));
    }
    let size = body["size"].as_u64().filter(|size| *size <= 10_000).ok_or_else(|| bad("size"))?;
    if !body["timeout"].as_str().is_some_and(|it| it.ends_with("ms")) {
        return Err(bad("failed to parse setting [timeout]: unit is missing"));
    }
    let filters = body["query"]["bool"]["filter"].as_array().ok_or_else(|| bad("no filter"))?;
    let sort = body["sort"][0].as_object().and_then(|sort| sort.iter().next());
    let (time, order) = sort.ok_or_else(|| bad("no sort"))?;
    let known = json!({"order": "asc", "numeric_type": "date_nanos", "unmapped_type": "date"});
    if order != &known {
        return Err(bad("only ascending order is emulated"));
    }
    let indices = indices.lock().expect("a lock");
    let prefix = index.trim_end_matches('*');
    let chosen = |name: &str| name == index || (index.ends_with('*') && name.starts_with(prefix));
    let shards = indices.keys().filter(|name| chosen(name)).count();
    if shards == 0 && !index.ends_with('*') {
        let error = json!({"type": "index_not_found_exception", "reason": format!("no such index [{index}]")});
        return Err(
            (StatusCode::NOT_FOUND, Json(json!({"error": error, "status": 404}))).into_response()
        );
    }
    let mut found = Vec::new();
    for document in indices.iter().filter(|(name, _)| chosen(name)).flat_map(|(_, all)| all) {
        let verdicts: Result<Vec<bool>, _> = filters.iter().map(|it| holds(it, document)).collect();
        if verdicts.map_err(bad)?.into_iter().all(|holds| holds) {
            found.push(document.clone());
        }
    }
    found.sort_by_key(|document| moment(&document[time]));
    let total = found.len();
    let kept: Vec<String> =
        serde_json::from_value(body["_source"].clone()).map_err(|_| bad("_source"))?;
    let hits: Vec<Value> = found
        .iter()
        .take(usize::try_from(size).expect("a size"))
        .map(|document| {
            let source = kept.iter().filter_map(|name| Some((name.clone(), document.get(name)?.clone())));
            let source: serde_json::Map<String, Value> = source.collect();
            let at = moment(&document[time]).expect("a time").to_string();
            json!({"_index": index, "_id": "x", "_score": null, "_source": source, "fields": {time: [at]}, "sort": [0]})
        })
        .collect();
    let total = json!({"value": total, "relation": "eq"});
    let shards = json!({"total": shards, "successful": shards, "skipped": 0, "failed": 0});
    let hits = json!({"total": total, "max_score": null, "hits": hits});
    Ok(Json(json!({"took": 1, "timed_out": false, "_shards": shards, "hits": hits}))
        .into_response())
}

/// Whether a filter holds for a document; other filters than these are refused.
fn holds(filter: &Value, document: &Value) -> Result<bool, String> {
    let (kind, inner) = filter.as_object().and_then(|it| it.iter().next()).ok_or("no filter")?;
    let (field, wanted) = inner.as_object().and_then(|it| it.iter().next()).ok_or("no field")?;
    let value = &document[field];
    match kind.as_str() {
        "range" => {
            if wanted["format"] != "strict_date_optional_time_nanos" {
                return Err("no format".to_owned());
            }
            let bound = |name: &str| moment(&wanted[name]).ok_or(format!("{name} is no RFC 3339"));
            let at = moment(value).ok_or("a document without a time")?;
            Ok(bound("gte")? <= at && at < bound("lt")?)
        }
        "term" => Ok(wanted["value"].is_string() && wanted["value"] == *value),
        "terms" => Ok(wanted.as_array().ok_or("no terms")?.contains(value)),
        "match_phrase" => {
            let phrase = wanted["query"].as_str().ok_or("no query")?;
            Ok(has_phrase(value.as_str().unwrap_or_default(), phrase))
        }
        other => Err(format!("unknown query [{other}]")),
    }
}

fn moment(value: &Value) -> Option<Timestamp> {
    value.as_str()?.parse().ok()
}
