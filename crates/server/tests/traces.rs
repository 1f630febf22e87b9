//! Traces reach a receiver of OTLP over HTTP. In a process of its own, because logging is set up once a process.

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::routing::post;
use server::telemetry::logs::{self, Format, Logging, traces_address};
use tokio::net::TcpListener;
use tokio::sync::mpsc;

/// A receiver that hands on what it gets.
async fn receiver() -> (String, mpsc::UnboundedReceiver<(HeaderMap, Bytes)>) {
    let (sender, received) = mpsc::unbounded_channel();
    let take = |State(sender): State<mpsc::UnboundedSender<(HeaderMap, Bytes)>>, headers, body| async move {
        sender.send((headers, body)).expect("the test listens");
    };
    let router = Router::new().route("/v1/traces", post(take)).with_state(sender);
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async move { axum::serve(listener, router).await });
    (format!("http://{address}"), received)
}

fn holds(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_becomes_a_span_at_the_receiver() {
    drop(rustls::crypto::ring::default_provider().install_default());
    let (endpoint, mut received) = receiver().await;
    let guard = logs::start(&Logging {
        filter: "off".to_owned(),
        format: Format::Json,
        traces_to: traces_address(None, Some(&endpoint)),
    })
    .expect("logging");
    let directory = tempfile::tempdir().expect("a directory");
    let mut config = server::Config::local(directory.path(), directory.path().join("data"));
    config.ledger = ledger::Options::throw_away();
    let vocabulary = Arc::new(playbook::Vocabulary::new());
    let running = server::start(config, vocabulary).await.expect("a running server");
    let url = format!("http://{}/api/v1/problems/denied", running.address);
    let client = reqwest::Client::builder().no_proxy().build().expect("a client");
    assert_eq!(client.get(url).send().await.expect("an answer").status(), 200);
    running.stop().await.expect("an orderly stop");
    tokio::task::spawn_blocking(|| drop(guard)).await.expect("the last traces are sent");
    let (headers, body) = received.recv().await.expect("traces");
    assert_eq!(headers["content-type"], "application/x-protobuf");
    assert!(holds(&body, "GET /api/v1/problems/{code}"), "the span is named by its route");
    assert!(holds(&body, "council"), "the service is named");
}

#[test]
fn the_address_for_traces_alone_wins() {
    let found = traces_address(Some("http://t/x"), Some("http://all/"));
    assert_eq!(found.as_deref(), Some("http://t/x"));
    let found = traces_address(None, Some("http://all/"));
    assert_eq!(found.as_deref(), Some("http://all/v1/traces"));
    assert_eq!(traces_address(None, None), None);
}
