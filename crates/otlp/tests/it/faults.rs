//! Hostile bodies: they are refused in little time and memory, or read as far as they make sense.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::common::v1::{AnyValue, ArrayValue};
use otlp::{Counter, Limits, Reason, Refusal, What, decode};
use proptest::prelude::*;
use prost::Message as _;

use crate::scene::{Delta, attribute, batch, point, request, requests, stamp, sum, text, total};

const PROTOBUF: &str = "application/x-protobuf";
const JSON: &str = "application/json";

#[test]
fn a_bomb_of_gzip_stops_at_the_limit() {
    let mut packer = GzEncoder::new(Vec::new(), Compression::best());
    let zeros = vec![0; 1024 * 1024];
    for _ in 0..256 {
        packer.write_all(&zeros).expect("memory");
    }
    let bomb = packer.finish().expect("memory");
    let limits = Limits::default();
    assert!(bomb.len() < limits.bytes / 8, "small as it is sent");
    // Of several members, too; and what comes after the limit is not even looked at.
    let torn = [bomb.as_slice(), b"no member"].concat();
    for bomb in [bomb.clone(), [bomb.clone(), bomb].concat(), torn] {
        let refusal = decode(PROTOBUF, Some("gzip"), &bomb, limits).expect_err("a bomb");
        assert_eq!(refusal, Refusal::TooLong { most: limits.bytes });
    }
}

#[test]
fn a_body_that_would_grow_in_memory_is_refused_before_it_does() {
    // A resource without anything takes two bytes.
    let empty = [0x0a, 0].repeat(200_001);
    let limits = Limits::default();
    let refusal = decode(PROTOBUF, None, &empty, limits).expect_err("too many");
    assert_eq!(refusal, Refusal::TooManyParts { most: 200_000 });
    let refusal = decode(JSON, None, "{".repeat(200_001).as_bytes(), limits).expect_err("too many");
    assert_eq!(refusal.http_status(), 413);
}

#[test]
fn ten_thousand_attributes_are_too_many_for_one_point() {
    let mut crowded = point("a", (0, 10), 5);
    crowded.attributes = (0..10_000).map(|n| text(&format!("key{n}"), "value")).collect();
    let data = sum(Delta, vec![crowded, point("b", (0, 10), 1)]);
    let taken = Counter::default().take(&batch(data), &[requests(What::Count)], stamp(60));
    assert_eq!(total(&taken, 0), 1);
    assert_eq!(taken.reasons.get(&Reason::TooManyAttributes), Some(&1));
}

#[test]
fn deep_nesting_is_refused() {
    let body = format!("{{\"resourceMetrics\":{}{}}}", "[".repeat(50_000), "]".repeat(50_000));
    let refusal = decode(JSON, None, body.as_bytes(), Limits::default()).expect_err("deep");
    assert_eq!(refusal.http_status(), 400);
    // Unknown fields are passed over, however deep they are.
    let (open, close) = ("{\"unknown\":[".repeat(50_000), "]}".repeat(50_000));
    let body = format!("{{\"resourceMetrics\":[{open}{close}]}}");
    let read = decode(JSON, None, body.as_bytes(), Limits::default());
    assert_eq!(read.map(|batch| batch.points()), Ok(0));
    let value = "{\"arrayValue\":{\"values\":[".repeat(5_000);
    let body = format!(
        "{{\"resourceMetrics\":[{{\"resource\":{{\"attributes\":[{{\"key\":\"a\",\"value\":{value}"
    );
    let refusal = decode(JSON, None, body.as_bytes(), Limits::default()).expect_err("deep");
    assert_eq!(refusal.http_status(), 400);
    let mut deep = AnyValue { value: Some(Value::BoolValue(true)) };
    for _ in 0..500 {
        deep = AnyValue { value: Some(Value::ArrayValue(ArrayValue { values: vec![deep] })) };
    }
    let mut crowded = point("a", (0, 10), 5);
    crowded.attributes = vec![attribute("deep", deep.value.expect("a value"))];
    let body = request(sum(Delta, vec![crowded])).encode_to_vec();
    let refusal = decode(PROTOBUF, None, &body, Limits::default()).expect_err("deep");
    assert_eq!(refusal.http_status(), 400);
}

#[test]
fn points_that_cannot_be_read_are_not_dropped_silently() {
    let sum = r#""sum": {"aggregationTemporality": 1, "isMonotonic": true, "dataPoints": [{"asDouble": "NaN", "timeUnixNano": "1798761600000000000"}]}"#;
    let histogram = r#""histogram": {"aggregationTemporality": 1, "dataPoints": [{"count": "2", "sum": "NaN"}]}"#;
    for data in [sum, histogram, r#""sum": 5"#, r#""unit": "s""#] {
        let body = format!(
            r#"{{"resourceMetrics": [{{"scopeMetrics": [{{"metrics": [{{"name": "requests", {data}}}]}}]}}]}}"#
        );
        let read = decode(JSON, None, body.as_bytes(), Limits::default()).expect("a batch");
        let taken = Counter::default().take(&read, &[requests(What::Count)], stamp(60));
        assert_eq!(taken.reasons.get(&Reason::Malformed), Some(&1), "{data}");
        assert_eq!(taken.rejected(), 1);
    }
}

#[test]
fn words_of_strangers_do_not_act() {
    let body = "{\"resourceMetrics\": \"\\u001b[2J\u{202e}\"}";
    let refusal = decode(JSON, None, body.as_bytes(), Limits::default()).expect_err("a text");
    let words = refusal.to_string();
    let body = format!("{{\"resourceMetrics\": \"{}\"}}", "x".repeat(10_000));
    let long = decode(JSON, None, body.as_bytes(), Limits::default()).expect_err("a text");
    assert!(long.to_string().len() < 300, "{long}");
    assert!(!words.contains(|c: char| c.is_control() || c == '\u{202e}'), "{words:?}");
}

proptest! {
    #[test]
    fn garbage_is_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        for kind in [PROTOBUF, JSON] {
            for how in [None, Some("gzip")] {
                if let Ok(batch) = decode(kind, how, &bytes, Limits::default()) {
                    let taken = Counter::default().take(&batch, &[requests(What::Count)], stamp(60));
                    prop_assert_eq!(total(&taken, 0), 0);
                }
            }
        }
    }

    #[test]
    fn a_damaged_body_is_read_or_refused(at in any::<prop::sample::Index>(), byte in any::<u8>(), cut in any::<bool>()) {
        let mut body = request(sum(Delta, vec![point("a", (0, 10), 5)])).encode_to_vec();
        let at = at.index(body.len());
        if cut { body.truncate(at) } else { body[at] = byte }
        if let Ok(batch) = decode(PROTOBUF, None, &body, Limits::default()) {
            let selectors = [requests(What::Count), requests(What::Sum), requests(What::AtMost(1.0))];
            let _any = Counter::default().take(&batch, &selectors, stamp(60));
        }
    }
}
