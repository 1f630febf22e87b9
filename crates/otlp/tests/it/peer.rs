//! OpenTelemetry's own SDK for Python pushes to a receiver of a few lines.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::post;
use jiff::{SignedDuration, Timestamp};
use otlp::{Condition, Counter, Is, Limits, Of, Pattern, Selector, What, decode};

/// What the receiver keeps.
struct Received {
    counter: Counter,
    since: Timestamp,
    totals: Vec<u64>,
    kinds: Vec<String>,
    said: Vec<String>,
}

fn selectors(since: Timestamp) -> Vec<Selector> {
    let of = |metric: &str, what| {
        let metric = metric.to_owned();
        Selector { metric, conditions: Vec::new(), what, since }
    };
    let condition = |of, attribute: &str, is| Condition { of, attribute: attribute.to_owned(), is };
    let bad = Selector {
        conditions: vec![
            condition(Of::Resource, "service.name", Is::OneOf(vec!["shop".to_owned()])),
            condition(Of::Scope, "otel.scope.name", Is::OneOf(vec!["checkout".to_owned()])),
            condition(Of::Point, "status", Is::Like(Pattern::new("5..").expect("a pattern"))),
        ],
        ..of("requests", What::Count)
    };
    vec![
        of("requests", What::Count),
        bad,
        of("duration", What::Count),
        of("duration", What::AtMost(0.3)),
        of("duration", What::Sum),
        of("work", What::Count),
        of("work", What::AtMost(0.35)),
        of("queue", What::Count),
    ]
}

async fn receive(
    State(received): State<Arc<Mutex<Received>>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let value = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let kind = value(header::CONTENT_TYPE).unwrap_or_default();
    let how = value(header::CONTENT_ENCODING);
    let batch = match decode(kind, how, &body, Limits::default()) {
        Ok(batch) => batch,
        Err(refusal) => {
            let status = StatusCode::from_u16(refusal.http_status()).expect("a status");
            let (kind, body) = otlp::refuse(kind, &refusal);
            return (status, [(header::CONTENT_TYPE, kind)], body).into_response();
        }
    };
    let mut received = received.lock().expect("unpoisoned");
    let selectors = selectors(received.since);
    let taken = received.counter.take(&batch, &selectors, Timestamp::now());
    for (total, steps) in received.totals.iter_mut().zip(&taken.increments) {
        *total += steps.values().sum::<u64>();
    }
    received.kinds.push(format!("{kind} {}", how.unwrap_or("identity")));
    received.said.push(taken.message());
    let (kind, body) = otlp::answer(kind, taken.rejected(), &taken.message());
    ([(header::CONTENT_TYPE, kind)], body).into_response()
}

#[tokio::test]
async fn what_the_sdk_pushes_is_counted() {
    let name = "COUNCIL_TEST_OTLP_PYTHON";
    let Some(python) = std::env::var(name).ok().filter(|value| !value.is_empty()) else {
        eprintln!("LEFT OUT: `{name}` is not set, so OpenTelemetry's SDK does not push");
        return;
    };
    for (temporality, packed) in
        [("delta", "none"), ("cumulative", "none"), ("delta", "gzip"), ("cumulative", "gzip")]
    {
        let since = Timestamp::now() - SignedDuration::from_secs(1);
        let received = Arc::new(Mutex::new(Received {
            counter: Counter::default(),
            since,
            totals: vec![0; selectors(since).len()],
            kinds: Vec::new(),
            said: Vec::new(),
        }));
        let router =
            Router::new().route("/v1/metrics", post(receive)).with_state(Arc::clone(&received));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let endpoint = format!("http://{}/v1/metrics", listener.local_addr().expect("an address"));
        tokio::spawn(async move { axum::serve(listener, router).await });
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/push.py");
        let pushed = tokio::process::Command::new(&python)
            .args([script, &endpoint, temporality, packed])
            .output()
            .await
            .expect("python");
        let errors = String::from_utf8_lossy(&pushed.stderr);
        assert!(pushed.status.success(), "{errors}");
        let received = received.lock().expect("unpoisoned");
        // 30 requests, 3 of them bad. Of each ten samples 3 are 0.05, 3 are 0.3, 2 are 0.9 and 2 are 5: together 12.85.
        let expect = [30, 3, 30, 18, 38_550_000, 30, 18, 0];
        assert_eq!(received.totals, expect, "{temporality} {packed} {:?} {errors}", received.said);
        let kind = if packed == "gzip" { "gzip" } else { "identity" };
        let kind = format!("application/x-protobuf {kind}");
        assert!(received.kinds.len() >= 3 && received.kinds.iter().all(|one| *one == kind));
        assert!(received.said.iter().all(|said| said.ends_with("a gauge counts no events")));
    }
}
