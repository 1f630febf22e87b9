//! Stores that are away, slow, closed, strange, or answer only a part; and what nobody may see.

use std::time::Duration;

use axum::Router;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect};
use axum::routing::any;
use secrecy::SecretString;
use serde_json::{Value, json};
use signals::{
    Credentials, Elastic, Excerpt, Graylog, Jaeger, JaegerApi, Limits, LogQuestion, LogStore, Loki,
    Server, SignalError, Store, Tempo, TraceQuestion, TraceStore, Window,
};

use crate::emulators;
use crate::scene::{SECRET, Scene, redact};
use crate::targets::{self, client};

/// Every store of lines at one address.
fn log_stores(change: impl Fn(Server) -> Server, address: &str) -> Vec<LogStore> {
    let server = |store| change(Server::new(store, address, client()).expect("a server"));
    vec![
        LogStore::Loki(Loki::new(server(Store::Loki))),
        LogStore::Elastic(Elastic::new(server(Store::Elasticsearch), "logs-*")),
        LogStore::Elastic(Elastic::new(server(Store::OpenSearch), "logs-*")),
        LogStore::Graylog(Graylog::new(server(Store::Graylog))),
    ]
}

/// Every store of traces at one address.
fn trace_stores(change: impl Fn(Server) -> Server, address: &str) -> Vec<TraceStore> {
    let server = |store| change(Server::new(store, address, client()).expect("a server"));
    let jaeger = Jaeger::new(server(Store::Jaeger));
    vec![
        TraceStore::Jaeger(Jaeger { api: JaegerApi::Old, ..jaeger.clone() }),
        TraceStore::Jaeger(jaeger),
        TraceStore::Tempo(Tempo::new(server(Store::Tempo))),
    ]
}

fn window() -> Window {
    let at = |text: &str| text.parse().expect("a moment");
    Window::new(at("2026-01-01T00:00:00Z"), at("2026-01-01T01:00:00Z")).expect("a window")
}

async fn ask(store: &LogStore) -> Result<Excerpt, SignalError> {
    let service = "checkout".to_owned();
    let question = LogQuestion { window: window(), service, text: None, severity: None, limit: 5 };
    store.excerpt(&question, &redact).await
}

async fn search(store: &TraceStore) -> Result<Vec<String>, SignalError> {
    let (service, window) = ("checkout".to_owned(), window());
    let question = TraceQuestion { window, service, at_least: None, only_errors: false, limit: 5 };
    store.search(&question, &redact).await.map(|found| found.missing)
}

/// What every store says of an address that always answers the same.
async fn all_say(address: &str, change: impl Fn(Server) -> Server + Copy) -> Vec<SignalError> {
    let mut errors = Vec::new();
    for store in log_stores(change, address) {
        errors.push(ask(&store).await.expect_err("an error"));
    }
    for store in trace_stores(change, address) {
        errors.push(search(&store).await.expect_err("an error"));
        let trace = store.trace("abc", None, &redact).await;
        errors.push(trace.expect_err("an error"));
    }
    for error in &errors {
        let text = format!("{error} {error:?}");
        assert!(!text.contains(SECRET) && !text.contains("canary"), "{text}");
    }
    errors
}

/// A server that always answers the same.
async fn always(status: StatusCode, body: &'static str) -> String {
    emulators::serve(Router::new().fallback(any(move || async move { (status, body) }))).await
}

fn as_it_is(server: Server) -> Server {
    server
}

#[tokio::test]
async fn whoever_is_away_is_said_to_be() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = format!("http://{}", listener.local_addr().expect("an address"));
    drop(listener);
    for error in all_say(&address, as_it_is).await {
        assert!(matches!(&error, SignalError::Unreachable { .. }), "{error}");
        assert!(error.is_retryable() && error.to_string().contains(&address), "{error}");
        // The cause itself, and not the whole address with the query.
        assert!(error.to_string().contains("onnection refused"), "{error}");
        assert!(!error.to_string().contains("checkout"), "{error}");
    }
}

#[tokio::test]
async fn whoever_is_slow_is_not_waited_for() {
    // It takes connections, as the system does for it, and never says a word.
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = format!("http://{}", listener.local_addr().expect("an address"));
    let limits = Limits { patience: Duration::from_millis(50), ..Limits::default() };
    for error in all_say(&address, |server| server.with_limits(limits)).await {
        assert!(matches!(&error, SignalError::TooLate { .. }), "{error}");
        assert!(error.to_string().contains("within 50 ms; ask for a shorter window"), "{error}");
    }
}

#[tokio::test]
async fn credentials_that_do_not_suffice_are_said_and_never_shown() {
    let secret = || SecretString::from("canary-of-the-token");
    let given = [
        Credentials::Bearer(secret()),
        Credentials::ApiKey(secret()),
        Credentials::Basic { user: secret(), password: secret() },
    ];
    for status in [StatusCode::UNAUTHORIZED, StatusCode::FORBIDDEN] {
        let address = always(status, "canary").await;
        for credentials in &given {
            let errors =
                all_say(&address, |server| server.with_credentials(credentials.clone())).await;
            for error in errors {
                assert!(matches!(error, SignalError::Unauthorized { .. }), "{error}");
                assert!(!error.is_retryable());
            }
            let server = Server::new(Store::Loki, &address, client()).expect("a server");
            let shown = format!("{:?}", server.with_credentials(credentials.clone()));
            assert!(!shown.contains("canary"), "{shown}");
        }
    }
}

#[tokio::test]
async fn credentials_arrive_as_each_scheme_wants_them() {
    let heard = |headers: axum::http::HeaderMap| async move {
        let value = headers.get("authorization").map(|value| value.to_str().expect("text"));
        (StatusCode::IM_A_TEAPOT, value.unwrap_or("nothing").to_owned())
    };
    let address = emulators::serve(Router::new().fallback(any(heard))).await;
    let secret = |text: &str| SecretString::from(text);
    for (credentials, expected) in [
        (Credentials::None, "nothing"),
        (Credentials::Bearer(secret("t1")), "Bearer t1"),
        (Credentials::ApiKey(secret("k1")), "ApiKey k1"),
        (Credentials::Basic { user: secret("u"), password: secret("p") }, "Basic dTpw"),
    ] {
        let errors = all_say(&address, |server| server.with_credentials(credentials.clone())).await;
        for error in errors {
            let said = matches!(&error, SignalError::Refused { said, .. } if said == expected);
            assert!(said, "{error}");
        }
    }
}

#[tokio::test]
async fn a_refusal_is_told_in_the_stores_words_without_secrets() {
    for body in [
        r#"{"error":{"reason":"bad token=canary-7f3a","root_cause":[]},"status":500}"#,
        r#"{"errors":[{"code":500,"msg":"bad token=canary-7f3a"}]}"#,
        r#"{"type":"ApiError","message":"bad\n token=canary-7f3a"}"#,
        "bad\ttoken=canary-7f3a\n",
    ] {
        let address = always(StatusCode::SERVICE_UNAVAILABLE, body).await;
        for error in all_say(&address, as_it_is).await {
            let said = "refused the query with status 503: bad token=***; ask for";
            assert!(error.to_string().contains(said) && error.is_retryable(), "{error}");
        }
    }
}

#[tokio::test]
async fn an_address_of_something_else_is_noticed() {
    for (body, why) in
        [("<html>sign in", "a page for people"), ("{}", "holds no"), ("[1", "not JSON")]
    {
        let address = always(StatusCode::OK, body).await;
        for error in all_say(&address, as_it_is).await {
            assert!(matches!(&error, SignalError::NotUnderstood { .. }), "{error}");
            assert!(error.to_string().contains(why), "{error}");
        }
    }
    let elsewhere =
        Router::new().fallback(any(|| async { Redirect::to("/login").into_response() }));
    let address = emulators::serve(elsewhere).await;
    for error in all_say(&address, as_it_is).await {
        assert!(error.to_string().contains("it leads elsewhere"), "{error}");
    }
    let missing = always(StatusCode::NOT_FOUND, "404 page not found").await;
    for error in all_say(&missing, as_it_is).await {
        assert!(error.to_string().contains("check the path"), "{error}");
    }
}

#[tokio::test]
async fn a_trace_that_nobody_knows_is_no_error() {
    for body in ["trace not found", r#"{"error":{"httpCode":404,"message":"No traces found"}}"#] {
        let address = always(StatusCode::NOT_FOUND, body).await;
        for store in trace_stores(as_it_is, &address) {
            let found = store.trace("abc", None, &redact).await;
            assert!(matches!(found, Ok(None)), "{found:?}");
        }
    }
}

#[tokio::test]
async fn an_answer_without_end_is_not_read() {
    let address = always(StatusCode::OK, "                                        {}").await;
    let limits = Limits { answer_bytes: 20, ..Limits::default() };
    for error in all_say(&address, |server| server.with_limits(limits)).await {
        assert!(matches!(error, SignalError::TooLarge { most: 20, .. }), "{error}");
    }
}

#[tokio::test]
async fn a_partial_answer_says_so() {
    let shard = json!({"reason": {"type": "x", "reason": "disk token=canary-7f3a"}});
    let hits = json!({"total": {"value": 10_000, "relation": "gte"}, "hits": []});
    let mut body = json!({
        "status": "success", "warnings": ["a replica is away"],
        "data": {"resultType": "streams", "result": []},
        "timed_out": true, "_shards": {"total": 5, "failed": 2, "failures": [shard]}, "hits": hits,
        "schema": [{"field": "timestamp"}], "datarows": [],
    });
    let stores = log_stores(as_it_is, &serving(&body).await);
    let loki = ask(&stores[0]).await.expect("an excerpt");
    assert_eq!(loki.missing, ["Loki warns: a replica is away"]);
    for store in &stores[1..3] {
        let excerpt = ask(store).await.expect("an excerpt");
        let [late, shards] = excerpt.missing.as_slice() else { panic!("{:?}", excerpt.missing) };
        assert!(late.contains("`timed_out`"), "{late}");
        assert!(shards.contains("2 of 5 shards") && shards.contains("disk token=***"), "{shards}");
        assert_eq!(excerpt.total, None);
    }
    body["_shards"] = json!({"total": 0, "failed": 0});
    body["timed_out"] = json!(false);
    let nowhere = &log_stores(as_it_is, &serving(&body).await)[1];
    let excerpt = ask(nowhere).await.expect("an excerpt");
    assert_eq!(excerpt.missing, ["no index of Elasticsearch matches `logs-*`"]);
    let traces = json!({
        "traces": [], "metrics": {"completedJobs": 3, "totalJobs": 4},
        "status": "PARTIAL", "message": "trace too large", "trace": {},
        "data": [], "errors": [{"code": 0, "msg": "clock skew"}],
    });
    let stores = trace_stores(as_it_is, &serving(&traces).await);
    assert_eq!(search(&stores[0]).await.expect("traces"), ["Jaeger says: clock skew"]);
    let tempo = search(&stores[2]).await.expect("traces");
    let whole =
        ["Tempo's answer is partial: trace too large", "Tempo finished 3 of 4 parts of its search"];
    assert_eq!(tempo, whole);
}

async fn serving(body: &Value) -> String {
    let body = body.to_string();
    emulators::serve(Router::new().fallback(any(move || async move { body }))).await
}

#[tokio::test]
async fn bytes_that_are_no_text_and_long_lines_are_shown_cut() {
    let at = window().from().as_nanosecond().to_string();
    let body = json!({
        "status": "success",
        "data": {"resultType": "streams", "result": [{"stream": {}, "values": [[at, "@@ééé"]]}]},
    });
    let mut bytes = body.to_string().into_bytes();
    let place = bytes.iter().position(|byte| *byte == b'@').expect("a mark");
    bytes[place] = 0xff;
    let router = Router::new().fallback(any(move || async move { bytes }));
    let limits = Limits { line_bytes: 7, ..Limits::default() };
    let address = emulators::serve(router).await;
    let stores = log_stores(|server| server.with_limits(limits), &address);
    let excerpt = ask(&stores[0]).await.expect("an excerpt");
    assert_eq!(excerpt.lines[0].text, "\u{fffd}@é… (4 bytes more)");
}

#[tokio::test]
async fn a_tenant_is_named_where_one_is_wanted() {
    let scene = Scene::new();
    let address = emulators::loki::start(Some("shop")).await;
    let server = targets::server(Store::Loki, &address);
    let nobody = ask(&LogStore::Loki(Loki::new(server.clone()))).await;
    assert!(matches!(nobody, Err(SignalError::Unauthorized { .. })), "{nobody:?}");
    let loki = Loki::new(server.with_tenant("shop".to_owned()));
    let question = LogQuestion {
        window: Window::new(scene.start, scene.at(1)).expect("a window"),
        service: scene.service,
        text: None,
        severity: None,
        limit: 1,
    };
    let excerpt = LogStore::Loki(loki).excerpt(&question, &redact).await.expect("an excerpt");
    assert!(excerpt.lines.is_empty());
}

#[tokio::test]
async fn settings_that_cannot_be_asked_with_are_refused_before() {
    for address in
        ["loki", "ftp://a", "http://a/?q=1", "http://u:canary@a", "http://u:canary@:x", "http://"]
    {
        let refused = Server::new(Store::Loki, address, client()).map(drop);
        let error = refused.expect_err(address).to_string();
        assert!(error.starts_with("the question to Loki cannot be asked"), "{error}");
        assert!(!error.contains("canary"), "{error}");
    }
    let server = |store| Server::new(store, "http://127.0.0.1:1", client()).expect("a server");
    let loki = Loki { service_label: "service.name".to_owned(), ..Loki::new(server(Store::Loki)) };
    let mut stores = vec![LogStore::Loki(loki)];
    for index in ["", "_all/x", "a b", "logs?x", "_search"] {
        stores.push(LogStore::Elastic(Elastic::new(server(Store::OpenSearch), index)));
    }
    for store in stores {
        let refused = ask(&store).await;
        assert!(matches!(refused, Err(SignalError::Settings { .. })), "{refused:?}");
    }
}
