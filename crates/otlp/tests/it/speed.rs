//! How many points a second are read and counted; printed, not asserted.

use otlp::{Counter, Limits, What, decode};
use prost::Message as _;

use crate::scene::{Cumulative, attribute, point, request, requests, stamp, sum, text, total};
use opentelemetry_proto::tonic::common::v1::any_value::Value;

#[test]
fn a_thousand_series_are_read_and_counted() {
    let batches: Vec<(Vec<u8>, Vec<u8>)> = (1..=50u64)
        .map(|n| {
            let points = (0..1_000).map(|series| {
                let value = i64::try_from(n).expect("small");
                let mut point = point(&format!("instance-{series}"), (1, 1 + n * 10), value);
                point.attributes.push(text("http.route", "/api/v1/orders/{id}"));
                point.attributes.push(text("http.request.method", "GET"));
                point.attributes.push(attribute("http.response.status_code", Value::IntValue(200)));
                point.attributes.push(text("server.address", "orders.example.org"));
                point
            });
            let request = request(sum(Cumulative, points.collect()));
            (request.encode_to_vec(), serde_json::to_vec(&request).expect("json"))
        })
        .collect();
    for (kind, which) in [("application/x-protobuf", 0), ("application/json", 1)] {
        let mut counter = Counter::default();
        let (mut all, mut read) = (0, std::time::Duration::ZERO);
        let begun = std::time::Instant::now();
        for (protobuf, json) in &batches {
            let body = if which == 0 { protobuf } else { json };
            let began = std::time::Instant::now();
            let batch = decode(kind, None, body, Limits::default()).expect("a batch");
            read += began.elapsed();
            let selectors = [requests(What::Count), requests(What::Sum)];
            all += total(&counter.take(&batch, &selectors, stamp(3_000)), 0);
        }
        let took = begun.elapsed();
        assert_eq!(all, 50_000, "every series grew by one each time");
        eprintln!(
            "MEASURED: {kind}: 50,000 points with 5 attributes for 2 selectors in {took:?}, {read:?} of it reading"
        );
    }
}
