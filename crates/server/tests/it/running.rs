//! Starting, answering, stopping.

use reqwest::Method;
use server::StartError;

use crate::support::{Key, World, problem};

#[tokio::test]
async fn a_server_starts_answers_and_stops() {
    let world = World::start().await;
    let answer = world.get("/healthz", &Key::Nothing).await;
    assert_eq!(answer.status(), 200);
    let ready = world.read("/readyz", &Key::Nothing).await;
    assert_eq!(ready["ready"], true, "{ready}");
    let address = world.running.address;
    world.running.stop().await.expect("an orderly stop");
    assert!(tokio::net::TcpStream::connect(address).await.is_err(), "it still listens");
}

#[tokio::test]
async fn what_is_not_there_is_a_problem() {
    let world = World::start().await;
    problem(world.get("/api/v1/nothing", &Key::Nothing).await, 404, "not-found").await;
    let answer = world.request(Method::DELETE, "/api/v1/seats", &Key::Nothing).send().await;
    let answer = answer.expect("an answer");
    assert_eq!(answer.headers()["allow"], "GET,HEAD");
    problem(answer, 405, "method-not-allowed").await;
    let answer = world.get("/api/v1/resources", &Key::Nothing).await;
    assert!(answer.headers().contains_key("www-authenticate"));
    problem(answer, 401, "not-signed-in").await;
}

#[tokio::test]
async fn every_answer_protects_the_browser_and_names_the_request() {
    let world = World::start().await;
    for path in ["/healthz", "/api/v1/seats", "/nothing"] {
        let answer = world.get(path, &Key::Nothing).await;
        let headers = answer.headers();
        let policy = headers["content-security-policy"].to_str().expect("text");
        assert!(policy.contains("frame-ancestors 'none'"), "{policy}");
        assert!(!policy.contains("unsafe"), "{policy}");
        assert_eq!(headers["x-content-type-options"], "nosniff");
        assert_eq!(headers["referrer-policy"], "same-origin");
        assert_eq!(headers["cross-origin-opener-policy"], "same-origin");
        assert!(!headers["x-request-id"].is_empty());
        assert!(!headers.contains_key("strict-transport-security"), "this is plain http");
    }
    let asked = world.request(Method::GET, "/healthz", &Key::Nothing);
    let answer = asked.header("x-request-id", "mine-1").send().await.expect("an answer");
    assert_eq!(answer.headers()["x-request-id"], "mine-1");
}

#[tokio::test]
async fn an_open_address_without_tls_is_refused() {
    let directory = tempfile::tempdir().expect("a directory");
    let mut config = server::Config::local(directory.path(), directory.path().join("data"));
    config.listen = "0.0.0.0:0".parse().expect("an address");
    let vocabulary = std::sync::Arc::new(playbook::Vocabulary::new());
    let error = server::start(config, vocabulary).await.expect_err("a refusal");
    assert!(matches!(error, StartError::OpenWithoutTls { .. }), "{error}");
}
