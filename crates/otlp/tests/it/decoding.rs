//! What is read, what is refused, and what the sender is told.

use flate2::Compression;
use flate2::write::GzEncoder;
use opentelemetry_proto::tonic::collector::metrics::v1::ExportMetricsServiceResponse;
use otlp::{Counter, Limits, Refusal, What, answer, decode, refuse};
use prost::Message as _;
use serde_json::{Value, json};
use std::io::Write as _;

use crate::scene::{Delta, at, batch, point, request, requests, stamp, sum, total};

const PROTOBUF: &str = "application/x-protobuf";
const JSON: &str = "application/json";

fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut packer = GzEncoder::new(Vec::new(), Compression::best());
    packer.write_all(bytes).expect("memory");
    packer.finish().expect("memory")
}

#[test]
fn protobuf_and_json_packed_or_not_are_the_same() {
    let data = || sum(Delta, vec![point("a", (0, 10), 5)]);
    let expect = batch(data());
    assert_eq!(expect.points(), 1);
    let protobuf = request(data()).encode_to_vec();
    let json = serde_json::to_vec(&request(data())).expect("json");
    for (kind, body) in [(PROTOBUF, &protobuf), (JSON, &json)] {
        let read = |kind: &str, how, body: &[u8]| decode(kind, how, body, Limits::default());
        for how in [None, Some(""), Some("identity")] {
            assert_eq!(read(kind, how, body).as_ref(), Ok(&expect), "{kind}");
        }
        for how in [Some("gzip"), Some("GZIP "), Some("x-gzip")] {
            assert_eq!(read(kind, how, &packed(body)).as_ref(), Ok(&expect), "{kind}");
        }
        let (one, other) = body.split_at(body.len() / 2);
        let members = [packed(one), packed(other)].concat();
        assert_eq!(read(kind, Some("gzip"), &members).as_ref(), Ok(&expect), "{kind}");
        let loud = format!("{}; charset=utf-8", kind.to_uppercase());
        assert_eq!(read(&loud, None, body).as_ref(), Ok(&expect));
    }
}

#[test]
fn json_is_read_as_its_mapping_writes_it() {
    // After the example in the protocol's repository: numbers of 64 bits as text or not, ids in hexadecimal, unknown fields.
    let body = json!({"resourceMetrics": [{
        "resource": {"attributes": [{"key": "service.name", "value": {"stringValue": "shop"}}]},
        "unknown": {"new": [1, 2]},
        "scopeMetrics": [{"scope": {"name": "checkout"}, "metrics": [
            {"name": "requests", "unit": "1", "sum": {
                "aggregationTemporality": 1, "isMonotonic": true, "dataPoints": [
                    {"asInt": "5", "startTimeUnixNano": at(0).to_string(), "timeUnixNano": at(10).to_string(),
                     "attributes": [{"key": "n", "value": {"intValue": "1"}}],
                     "exemplars": [{"asInt": "1", "timeUnixNano": at(5).to_string(),
                        "traceId": "5b8efff798038103d269b633813fc60c", "spanId": "eee19b7ec3c1b174"}]},
                    {"asInt": 7, "startTimeUnixNano": at(0), "timeUnixNano": at(10),
                     "attributes": [{"key": "n", "value": {"intValue": 2}}]},
                    {"asDouble": 2, "startTimeUnixNano": at(0), "timeUnixNano": at(10)},
                ]}},
            {"name": "other", "gauge": {"dataPoints": [{"asDouble": 0.5}]}},
        ]}]
    }]})
    .to_string();
    let read = decode(JSON, None, body.as_bytes(), Limits::default()).expect("a batch");
    assert_eq!(read.points(), 4);
    let taken = Counter::default().take(&read, &[requests(What::Count)], stamp(60));
    assert_eq!((total(&taken, 0), taken.rejected()), (14, 0), "{taken:?}");
}

#[track_caller]
fn refused(result: Result<otlp::Batch, Refusal>, status: u16) -> Refusal {
    let refusal = result.expect_err("a refusal");
    assert_eq!(refusal.http_status(), status, "{refusal}");
    refusal
}

#[test]
fn what_is_not_understood_goes_back_with_the_status_of_the_protocol() {
    let limits = Limits::default();
    for kind in ["text/plain", "", "application/protobuf", "application/jsonx"] {
        assert_eq!(refused(decode(kind, None, b"", limits), 415), Refusal::ContentType);
    }
    for how in ["deflate", "zstd", "gzip, gzip"] {
        let refusal = refused(decode(PROTOBUF, Some(how), b"", limits), 415);
        assert_eq!(refusal, Refusal::ContentEncoding);
    }
    refused(decode(PROTOBUF, None, b"\xff\xff", limits), 400);
    for body in [
        "",
        "[]",
        "{}x",
        "{\"resourceMetrics\": 5}",
        "{\"resourceMetrics\": [{\"scopeMetrics\": \"\"}]}",
    ] {
        refused(decode(JSON, None, body.as_bytes(), limits), 400);
    }
    refused(decode(PROTOBUF, Some("gzip"), b"not packed", limits), 400);
    let whole = packed(&[0; 100]);
    refused(decode(PROTOBUF, Some("gzip"), &whole[..whole.len() - 9], limits), 400);
    let small = Limits { bytes: 10, ..limits };
    assert_eq!(refused(decode(JSON, None, &[b' '; 11], small), 413), Refusal::TooLong { most: 10 });
}

#[test]
fn an_empty_request_is_right() {
    for (kind, body) in [(PROTOBUF, &b""[..]), (JSON, b"{}")] {
        let batch = decode(kind, None, body, Limits::default()).expect("a batch");
        assert_eq!(batch.points(), 0);
    }
}

#[test]
fn the_sender_is_told_in_its_own_encoding() {
    let (kind, body) = answer("application/json; charset=utf-8", 3, "too old");
    let body: Value = serde_json::from_slice(&body).expect("json");
    let expect = json!({"partialSuccess": {"rejectedDataPoints": "3", "errorMessage": "too old"}});
    assert_eq!((kind, body), (JSON, expect));
    let (kind, body) = answer(PROTOBUF, 3, "too old");
    let read = ExportMetricsServiceResponse::decode(body.as_slice()).expect("a response");
    let partial = read.partial_success.expect("a partial success");
    assert_eq!((kind, partial.rejected_data_points), (PROTOBUF, 3));
    assert_eq!(partial.error_message, "too old");
    assert_eq!(answer(PROTOBUF, 0, ""), (PROTOBUF, Vec::new()));
    assert_eq!(answer(JSON, 0, ""), (JSON, b"{}".to_vec()));
    let warning = ExportMetricsServiceResponse::decode(answer(PROTOBUF, 0, "x").1.as_slice());
    assert!(warning.expect("a response").partial_success.is_some());
}

#[test]
fn a_refusal_has_a_body_in_the_senders_encoding() {
    let (kind, body) = refuse(JSON, &Refusal::TooLong { most: 10 });
    let body: Value = serde_json::from_slice(&body).expect("json");
    let words = "the body has more than 10 bytes; send smaller batches";
    assert_eq!((kind, &body), (JSON, &json!({"code": 3, "message": words})));
    let (kind, body) = refuse(PROTOBUF, &Refusal::ContentEncoding);
    assert_eq!((kind, &body[..3]), (PROTOBUF, &[8, 3, 18][..]));
    assert_eq!(refuse("text/plain", &Refusal::ContentType).0, JSON);
}
