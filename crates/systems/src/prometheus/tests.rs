//! Answers of all kinds from a server on loopback; and a real Prometheus, where it is installed.

use axum::Router;
use axum::routing::post;

use super::*;

pub(super) fn client() -> Client {
    drop(rustls::crypto::ring::default_provider().install_default());
    Client::builder().no_proxy().build().unwrap()
}

/// A server that always answers this.
async fn answering(status: StatusCode, body: &'static str) -> Prometheus {
    let app =
        Router::new().route("/api/v1/query_range", post(move || async move { (status, body) }));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(tokio::spawn(async move { axum::serve(listener, app).await }));
    Prometheus::new(&format!("http://{address}/"), client())
}

pub(super) async fn ask(prometheus: &Prometheus) -> Result<Found, PrometheusError> {
    let from: Timestamp = "2026-11-22T10:00:00Z".parse().unwrap();
    let to = from + SignedDuration::from_mins(10);
    prometheus.range("up", (from, to), SignedDuration::from_mins(5)).await
}

#[tokio::test]
async fn samples_and_warnings_are_read() {
    let body = r#"{"status":"success","warnings":["a store is missing"],"data":{"resultType":"matrix",
        "result":[{"metric":{},"values":[[1795514400,"0.5"],[1795514700.25,"NaN"]]}]}}"#;
    let found = ask(&answering(StatusCode::OK, body).await).await.unwrap();
    assert_eq!(found.warnings, ["a store is missing"]);
    assert_eq!(found.samples[0], ("2026-11-24T10:00:00Z".parse().unwrap(), 0.5));
    assert_eq!(found.samples[1].0.to_string(), "2026-11-24T10:05:00.25Z");
    assert!(found.samples[1].1.is_nan());
}

#[tokio::test]
async fn no_series_is_no_sample() {
    let body = r#"{"status":"success","data":{"resultType":"matrix","result":[]}}"#;
    assert_eq!(ask(&answering(StatusCode::OK, body).await).await.unwrap(), Found::default());
}

#[tokio::test]
async fn garbage_is_named_and_never_read_as_nothing() {
    let matrix = |result: &str| {
        format!(r#"{{"status":"success","data":{{"resultType":"matrix","result":{result}}}}}"#)
    };
    let bodies = [
        "<html>sign in</html>".to_owned(),
        "{}".to_owned(),
        r#"{"status":"success","data":{"resultType":"vector","result":[]}}"#.to_owned(),
        r#"{"status":"error","error":"overloaded"}"#.to_owned(),
        matrix(r#"[{"values":[]},{"values":[]}]"#),
        matrix(r#"[{"values":[[2,"1"],[1,"1"]]}]"#),
        matrix(r#"[{"values":[[1e300,"1"]]}]"#),
        matrix(r#"[{"values":[[1,"many"]]}]"#),
    ];
    for body in bodies {
        let prometheus = answering(StatusCode::OK, body.clone().leak()).await;
        let error = ask(&prometheus).await.expect_err(&body);
        assert!(matches!(error, PrometheusError::Garbage { .. }), "{body}: {error}");
        assert!(!error.is_retryable());
    }
}

#[tokio::test]
async fn a_refusal_says_prometheus_own_words() {
    let body = r#"{"status":"error","errorType":"bad_data","error":"parse error"}"#;
    let error = ask(&answering(StatusCode::BAD_REQUEST, body).await).await.expect_err("refused");
    assert_eq!(error.to_string(), "Prometheus refused the query: 400 Bad Request parse error");
    assert!(!error.is_retryable());
    let busy = ask(&answering(StatusCode::SERVICE_UNAVAILABLE, "busy").await).await;
    assert!(busy.expect_err("busy").is_retryable());
}

#[tokio::test]
async fn nobody_there_is_unreachable() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let prometheus = Prometheus::new(&format!("http://{address}"), client());
    let error = ask(&prometheus).await.expect_err("nobody is there");
    assert!(matches!(error, PrometheusError::Unreachable { .. }) && error.is_retryable());
}
