//! Jenkins: a job that is queued, started and ended.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse as _, Response};
use secrecy::SecretString;
use tokio::sync::Mutex;

use super::super::jenkins::{Build, Jenkins, Queued, Turn};
use super::super::{Connection, ForgeError};

/// What was asked, in order, and what the queue and the build answer next.
#[derive(Clone, Default)]
struct Fake {
    asked: Arc<Mutex<Vec<String>>>,
    queue: Arc<Mutex<&'static str>>,
    build: Arc<Mutex<&'static str>>,
}

async fn answer(State(fake): State<Fake>, uri: Uri, headers: HeaderMap, body: String) -> Response {
    // `user:t0ken` in base 64, as basic authentication sends it.
    if headers.get("authorization").is_none_or(|value| value != "Basic dXNlcjp0MGtlbg==") {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    fake.asked.lock().await.push(format!("{} {body}", uri.path()));
    match uri.path() {
        "/job/infra/job/apply/build" => StatusCode::CREATED.into_response(),
        "/job/infra/job/apply/buildWithParameters" => {
            (StatusCode::CREATED, [("location", "http://ci.example.org/queue/item/42/")])
                .into_response()
        }
        "/queue/item/42/api/json" => (*fake.queue.lock().await).into_response(),
        "/job/infra/job/apply/9/api/json" => (*fake.build.lock().await).into_response(),
        _ => StatusCode::NOT_FOUND.into_response(),
    }
}

async fn start() -> (Fake, Jenkins) {
    let fake = Fake::default();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let router = Router::new().fallback(answer).with_state(fake.clone());
    tokio::spawn(async move { axum::serve(listener, router).await });
    drop(rustls::crypto::ring::default_provider().install_default());
    let client = reqwest::Client::builder().no_proxy().build().expect("a client");
    let connection = Connection::new(&url, SecretString::from("t0ken"), client);
    (fake, Jenkins::new(connection, "user"))
}

#[tokio::test]
async fn a_job_is_queued_started_and_ended() {
    let (fake, jenkins) = start().await;
    let parameters = [("PLAN".to_owned(), "ab&12".to_owned())];
    let queued = jenkins.trigger("infra/apply", &parameters).await.expect("a place");
    assert_eq!(queued, Queued { item: 42 });
    let asked = fake.asked.lock().await.first().cloned();
    assert_eq!(asked.as_deref(), Some("/job/infra/job/apply/buildWithParameters PLAN=ab%2612"));
    let turns = [
        (r#"{"why": "waits for an executor"}"#, Turn::Waiting("waits for an executor".to_owned())),
        (r#"{"why": null, "cancelled": true}"#, Turn::Cancelled),
        (r#"{"executable": {"number": 9, "url": "x"}}"#, Turn::Started(9)),
    ];
    for (text, expected) in turns {
        *fake.queue.lock().await = text;
        assert_eq!(jenkins.turn(&queued).await.expect("an answer"), expected);
    }
    let builds = [
        (r#"{"building": true, "result": null}"#, Build::Running),
        (r#"{"building": true, "result": "SUCCESS"}"#, Build::Running),
        (r#"{"building": false, "result": "SUCCESS"}"#, Build::Succeeded),
        (r#"{"building": false, "result": "ABORTED"}"#, Build::Failed("ABORTED".to_owned())),
    ];
    for (text, expected) in builds {
        *fake.build.lock().await = text;
        assert_eq!(jenkins.build("infra/apply", 9).await.expect("an answer"), expected);
    }
}

#[tokio::test]
async fn a_trigger_without_a_place_in_the_queue_is_not_understood() {
    let (_fake, jenkins) = start().await;
    let error = jenkins.trigger("infra/apply", &[]).await.expect_err("no place");
    assert!(matches!(error, ForgeError::Garbage { .. }), "{error:?}");
}
