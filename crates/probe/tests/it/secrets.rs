//! What a probe sends is in nothing that it says.

use axum::Router;
use axum::http::StatusCode;
use axum::routing::any;
use probe::{Header, HttpProbe, Method, Probe, TcpProbe};

use crate::servers::{SHORT, nobody, run, saying, serve, stuck};

const CANARY: &str = "canary-3f9c";

#[tokio::test]
async fn secrets_are_in_no_failure_and_no_debug() {
    let echoing = serve(Router::new().fallback(any(async || {
        (StatusCode::UNAUTHORIZED, [("www-authenticate", CANARY), ("location", CANARY)], CANARY)
    })))
    .await;
    let silent = format!("http://{}", stuck(b"").await);
    let broken = format!("http://{}", saying(b"canary-3f9c\r\n\r\n").await);
    let gone = format!("http://{}", nobody().await);
    for address in [echoing, silent, gone, broken] {
        let header = |name: &str| Header { name: name.to_owned(), value: CANARY.to_owned() };
        let probe = Probe::Http(HttpProbe {
            url: format!("{address}/health?token={CANARY}"),
            method: Method::Post,
            headers: vec![header("Authorization"), header("Cookie")],
            body: Some(CANARY.into()),
            expect_header: Some(header("x-missing")),
            ..HttpProbe::default()
        });
        let outcome = run(probe.clone(), SHORT).await;
        assert!(!outcome.ok);
        let said = format!("{outcome:?} {probe:?} {}", outcome.why.as_ref().expect("a failure"));
        assert!(!said.contains(CANARY), "{address}: {said}");
    }
}

#[tokio::test]
async fn what_is_sent_over_tcp_is_not_told() {
    let address = stuck(b"").await;
    let probe = Probe::Tcp(TcpProbe {
        host: address.ip().to_string(),
        port: address.port(),
        send: Some(CANARY.into()),
        expect: Some(CANARY.into()),
    });
    let outcome = run(probe.clone(), SHORT).await;
    let said = format!("{outcome:?} {probe:?} {}", outcome.why.as_ref().expect("a failure"));
    assert!(!said.contains(CANARY), "{said}");
}
