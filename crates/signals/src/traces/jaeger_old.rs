//! Jaeger's older JSON, made for its own page: times and durations in whole microseconds.
//!
//! Source: Jaeger's documentation, "APIs", "HTTP JSON (internal)", and the model of its page (`internal/uimodel`).

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::{Member, trace_id};
use crate::text::Scrub;
use crate::{Span, TraceQuestion, Window, json};

/// The parameters of a search: all of them hold for one span.
pub(super) fn parameters(question: &TraceQuestion) -> Vec<(&'static str, String)> {
    let mut parameters = vec![("service", question.service.clone())];
    parameters.extend(window(&question.window));
    parameters.push(("limit", (question.limit() + 1).to_string()));
    if let Some(at_least) = question.at_least() {
        parameters.push(("minDuration", super::nanoseconds(at_least)));
    }
    if question.only_errors {
        parameters.push(("tags", json!({"error": "true"}).to_string()));
    }
    parameters
}

pub(super) fn window(window: &Window) -> [(&'static str, String); 2] {
    let (from, to) = window.in_units_of(1_000);
    [("start", from.to_string()), ("end", to.to_string())]
}

/// Reads the spans of all traces, and what Jaeger says is wrong with them.
pub(super) fn read(
    answer: &Value,
    scrub: Scrub<'_>,
) -> Result<(Vec<Member>, Vec<String>), &'static str> {
    if !answer.get("data").is_some_and(|data| data.is_array() || data.is_null()) {
        return Err("it holds no `data`");
    }
    let mut members = Vec::new();
    for trace in json::each(answer, "data") {
        let processes = trace.get("processes").unwrap_or(&Value::Null);
        for span in json::each(trace, "spans") {
            members.push(member(span, processes, scrub).ok_or("a span has no number or no time")?);
        }
    }
    let said = json::each(answer, "errors").filter_map(|error| json::text(error, &["msg"]));
    let missing = said.map(|said| format!("Jaeger says: {}", scrub.said(said))).collect();
    Ok((members, missing))
}

fn member(span: &Value, processes: &Value, scrub: Scrub<'_>) -> Option<Member> {
    let microseconds = |name: &str| i64::try_from(json::whole(span.get(name))?).ok();
    let process = json::text(span, &["processID"]).and_then(|id| processes.get(id));
    let service = process.and_then(|process| json::text(process, &["serviceName"]));
    let tags = || {
        json::each(span, "tags")
            .filter_map(|tag| Some((json::text(tag, &["key"])?, tag.get("value")?)))
    };
    let tag = |name: &str| tags().find(|(key, _)| *key == name).map(|(_, value)| value);
    let is = |name: &str, value: &str| tag(name).is_some_and(|it| it.as_str() == Some(value));
    let failed = tag("error").and_then(Value::as_bool) == Some(true)
        || is("error", "true")
        || is("otel.status_code", "ERROR");
    let parents = json::each(span, "references")
        .filter(|it| json::text(it, &["refType"]) == Some("CHILD_OF"))
        .filter_map(|it| json::text(it, &["spanID"]));
    let said = tag("otel.status_description").and_then(Value::as_str).unwrap_or_default();
    Some(Member {
        trace: trace_id(json::text(span, &["traceID"])?)?,
        span: Span {
            id: number(json::text(span, &["spanID"])?)?,
            parent: parents.filter_map(number).next(),
            service: scrub.name(service.unwrap_or_default()),
            name: scrub.name(json::text(span, &["operationName"]).unwrap_or_default()),
            start: Timestamp::from_microsecond(microseconds("startTime")?).ok()?,
            duration: SignedDuration::from_micros(microseconds("duration")?),
            failed,
            said: scrub.said(said),
            attributes: scrub.labels(tags()),
        },
    })
}

/// A span's number in full length: Jaeger drops zeros at its front.
fn number(text: &str) -> Option<String> {
    let is_one = (1..=16).contains(&text.len()) && text.chars().all(|c| c.is_ascii_hexdigit());
    is_one.then(|| format!("{:0>16}", text.to_ascii_lowercase()))
}
