//! What Elasticsearch and OpenSearch answer a search with.

use jiff::Timestamp;
use serde_json::Value;

use super::Heard;
use super::elastic::Elastic;
use crate::text::Scrub;
use crate::{Line, Severity, SignalError, json};

/// Reads an answer of `_search`.
pub(super) fn read(
    elastic: &Elastic,
    answer: &Value,
    scrub: Scrub<'_>,
) -> Result<Heard, SignalError> {
    let Some(hits) =
        answer.get("hits").filter(|hits| hits.get("hits").is_some_and(Value::is_array))
    else {
        return Err(elastic.server.not_understood("it holds no hits of a search"));
    };
    let mut lines = Vec::new();
    for hit in json::each(hits, "hits") {
        let Some(at) = time(hit, &elastic.fields.time) else {
            let what = format!("a line has no time in `{}`", elastic.fields.time);
            return Err(elastic.server.not_understood(what));
        };
        let source = hit.get("_source").unwrap_or(&Value::Null);
        let severity = field(source, &elastic.fields.severity).and_then(Value::as_str);
        let message = field(source, &elastic.fields.message);
        let text = match message {
            Some(Value::String(text)) => scrub.line(text),
            Some(other) => scrub.line(&other.to_string()),
            None => String::new(),
        };
        let labels = elastic.fields.labels.iter();
        let labels = labels.filter_map(|name| Some((name.as_str(), field(source, name)?)));
        let severity = severity.and_then(Severity::from_word);
        lines.push(Line { at, severity, text, labels: scrub.labels(labels) });
    }
    Ok(Heard {
        lines,
        total: total(hits),
        missing: missing(elastic, answer, scrub),
        link: None,
        asked: String::new(),
    })
}

/// A line's time: as it was asked for, or, where an index does not give that, as it was written.
fn time(hit: &Value, name: &str) -> Option<Timestamp> {
    let formatted = hit.get("fields").and_then(|fields| fields.get(name)).and_then(|it| it.get(0));
    let text = formatted.and_then(Value::as_str)?;
    text.parse().ok()
}

/// A field of a document, whether its name is written with dots, as a path, or as a mix of both.
fn field<'v>(source: &'v Value, name: &str) -> Option<&'v Value> {
    if let Some(found) = source.get(name) {
        return Some(found);
    }
    let parts = name.match_indices('.').filter_map(|(at, _)| name.split_at_checked(at));
    let mut parts = parts.filter_map(|(first, rest)| Some((first, rest.strip_prefix('.')?)));
    parts.find_map(|(first, rest)| field(source.get(first)?, rest))
}

/// How many match, if that was counted to the end.
fn total(hits: &Value) -> Option<u64> {
    let total = hits.get("total")?;
    let exact = json::text(total, &["relation"]) == Some("eq");
    total.get("value").filter(|_| exact).or(Some(total)).and_then(Value::as_u64)
}

/// What the store says it left out.
fn missing(elastic: &Elastic, answer: &Value, scrub: Scrub<'_>) -> Vec<String> {
    let store = elastic.server.store();
    let mut missing = Vec::new();
    if answer.get("timed_out").and_then(Value::as_bool) == Some(true) {
        missing.push(format!("{store} stopped before it had looked everywhere (`timed_out`)"));
    }
    if answer.get("terminated_early").and_then(Value::as_bool) == Some(true) {
        missing
            .push(format!("{store} stopped before it had looked everywhere (`terminated_early`)"));
    }
    let shards = answer.get("_shards").unwrap_or(&Value::Null);
    let count = |name: &str| shards.get(name).and_then(Value::as_u64);
    if let Some(failed) = count("failed").filter(|failed| *failed > 0) {
        let all = count("total").unwrap_or(failed);
        let why =
            json::each(shards, "failures").find_map(|it| json::text(it, &["reason", "reason"]));
        let why = why.map(|why| format!(": {}", scrub.said(why))).unwrap_or_default();
        missing.push(format!("{failed} of {all} shards of {store} did not answer{why}"));
    }
    if count("total") == Some(0) {
        missing.push(format!("no index of {store} matches `{}`", elastic.index));
    }
    missing
}
