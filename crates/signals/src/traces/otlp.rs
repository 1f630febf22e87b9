//! Spans in the JSON of the OpenTelemetry protocol, as Jaeger and Tempo answer with.
//!
//! Source: OTLP specification, "JSON Protobuf Encoding": numbers of traces and spans are hexadecimal, those of 64 bits are text,
//! enumerations are integers. Tempo writes the plain mapping of protocol buffers instead: Base64 and names. Both are read.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use serde_json::Value;

use super::{Member, trace_id};
use crate::text::Scrub;
use crate::{Span, json};

/// The status of a failed span.
const ERROR: (i128, &str) = (2, "STATUS_CODE_ERROR");

/// Reads `resourceSpans`, called `batches` in Tempo's older answers.
pub(super) fn spans(traces: &Value, scrub: Scrub<'_>) -> Result<Vec<Member>, &'static str> {
    let mut found = Vec::new();
    for resource in json::each(traces, "resourceSpans").chain(json::each(traces, "batches")) {
        let attributes = resource.get("resource").unwrap_or(&Value::Null);
        let service = pairs(attributes).find(|(name, _)| *name == "service.name");
        let service = service.map(|(_, value)| text(value)).unwrap_or_default();
        for scope in json::each(resource, "scopeSpans") {
            for span in json::each(scope, "spans") {
                let read = member(span, &service, scrub);
                found.push(read.ok_or("a span has no number, no trace or no time")?);
            }
        }
    }
    Ok(found)
}

fn member(span: &Value, service: &str, scrub: Scrub<'_>) -> Option<Member> {
    let id = |name: &str, bytes: usize| hexadecimal(json::text(span, &[name])?, bytes);
    let start = moment(span.get("startTimeUnixNano"))?;
    // A span that has not ended has no end, or the year 1970.
    let end = moment(span.get("endTimeUnixNano")).filter(|end| *end > start).unwrap_or(start);
    let status = span.get("status").unwrap_or(&Value::Null);
    let code = status.get("code");
    let failed =
        code.and_then(Value::as_str) == Some(ERROR.1) || json::whole(code) == Some(ERROR.0);
    let attributes: Vec<(&str, Value)> =
        pairs(span).map(|(name, value)| (name, Value::from(text(value)))).collect();
    let zero = |id: &String| id.chars().all(|c| c == '0');
    Some(Member {
        trace: trace_id(&id("traceId", 16)?)?,
        span: Span {
            id: id("spanId", 8)?,
            parent: id("parentSpanId", 8).filter(|id| !zero(id)),
            service: scrub.name(service),
            name: scrub.name(json::text(span, &["name"]).unwrap_or_default()),
            start,
            duration: end.duration_since(start),
            failed,
            said: scrub.said(json::text(status, &["message"]).unwrap_or_default()),
            attributes: scrub.labels(attributes.iter().map(|(name, value)| (*name, value))),
        },
    })
}

/// A number written in hexadecimal or in Base64, in lower-case hexadecimal; their lengths tell them apart.
fn hexadecimal(text: &str, bytes: usize) -> Option<String> {
    if text.len() == 2 * bytes && text.chars().all(|c| c.is_ascii_hexdigit()) {
        return Some(text.to_ascii_lowercase());
    }
    let decoded = STANDARD.decode(text).ok().filter(|decoded| decoded.len() == bytes)?;
    Some(decoded.iter().map(|byte| format!("{byte:02x}")).collect())
}

fn moment(value: Option<&Value>) -> Option<Timestamp> {
    Timestamp::from_nanosecond(json::whole(value)?).ok()
}

/// The attributes of a span or a resource.
fn pairs(holder: &Value) -> impl Iterator<Item = (&str, &Value)> {
    json::each(holder, "attributes")
        .filter_map(|pair| Some((json::text(pair, &["key"])?, pair.get("value")?)))
}

/// A value, without the name of its type.
fn text(value: &Value) -> String {
    let only = value.as_object().and_then(|object| object.values().next());
    match only {
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ways_of_writing_a_number_are_read() {
        assert_eq!(hexadecimal("00F067AA0BA902B7", 8).unwrap(), "00f067aa0ba902b7");
        assert_eq!(hexadecimal("APBnqgupArc=", 8).unwrap(), "00f067aa0ba902b7");
        assert_eq!(hexadecimal("", 8), None);
    }
}
