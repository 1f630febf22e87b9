//! Controllers that are slow, broken, endless, or something else altogether.

use std::time::Duration;

use redfish::{Access, Client, Limits, Link, RedfishError, Trust};
use tokio::net::TcpListener;

use crate::bmc::{Bmc, Fault, SYSTEM, client_for, limits, system};

fn hasty(bmc: &Bmc) -> Client {
    let limits = Limits { answer: Duration::from_millis(150), ..limits() };
    client_for(&bmc.address, Access::Open, bmc.trust.clone(), limits)
}

/// What a system with a fault is answered with.
async fn with(fault: Fault) -> RedfishError {
    let bmc = Bmc::start().await;
    bmc.fault(SYSTEM, fault);
    soon(bmc.client().system(&system())).await.expect_err("a fault")
}

/// Ends a test in which nobody else ends the waiting.
async fn soon<T>(asked: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(60), asked).await.expect("somebody waits for ever")
}

#[track_caller]
fn says(error: &RedfishError, words: &[&str]) {
    let text = error.to_string();
    for word in words {
        assert!(text.contains(word), "`{word}` is missing: {text}");
    }
}

#[tokio::test]
async fn nobody_waits_longer_than_was_said() {
    for fault in [Fault::Hang, Fault::Drip] {
        let bmc = Bmc::start().await;
        bmc.fault(SYSTEM, fault);
        let error = soon(hasty(&bmc).system(&system())).await.expect_err("no answer");
        assert!(matches!(error, RedfishError::Unreachable { .. }), "{error:?}");
        assert!(error.is_retryable());
        says(
            &error,
            &["nothing within 150 ms", "to read `/redfish/v1/Systems", "check the address"],
        );
    }
}

#[tokio::test]
async fn where_nobody_listens_is_unreachable() {
    let free = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = format!("http://{}", free.local_addr().expect("an address"));
    drop(free);
    let client = client_for(&address, Access::Open, Trust::Unencrypted, limits());
    let error = client.service().await.expect_err("nobody");
    assert!(matches!(error, RedfishError::Unreachable { .. }), "{error:?}");
    says(&error, &["refused", &address]);
}

#[tokio::test]
async fn broken_answers_are_told_apart_from_silence() {
    let error = with(Fault::Says("<html>Welcome</html>")).await;
    assert!(matches!(error, RedfishError::NotRedfish { .. }), "{error:?}");
    says(&error, &["no JSON object", "text/html"]);
    for broken in ["{\"Id\": ", "[1, 2]", "", "\u{0}\u{1}"] {
        let error = with(Fault::Says(broken)).await;
        assert!(matches!(error, RedfishError::NotRedfish { .. }), "{broken}: {error:?}");
        assert!(!error.is_retryable());
    }
    let error = with(Fault::Half).await;
    assert!(matches!(error, RedfishError::Unreachable { .. }), "{error:?}");
}

#[tokio::test]
async fn a_deep_answer_does_not_end_the_program() {
    let deep: &'static str = Box::leak("[".repeat(100_000).into_boxed_str());
    assert!(matches!(with(Fault::Says(deep)).await, RedfishError::NotRedfish { .. }));
}

#[tokio::test]
async fn an_answer_of_a_gibibyte_is_not_read() {
    for fault in [Fault::Huge, Fault::Flood] {
        let error = with(fault).await;
        assert!(matches!(error, RedfishError::TooLarge { .. }), "{error:?}");
        says(&error, &["more than 262144 bytes"]);
    }
}

#[tokio::test]
async fn a_list_without_end_is_given_up() {
    let bmc = Bmc::start().await;
    let list = "/redfish/v1/Systems";
    bmc.fault(list, Fault::Loop);
    let error = bmc.client().systems().await.expect_err("a loop");
    assert!(matches!(error, RedfishError::NotRedfish { .. }), "{error:?}");
    says(&error, &["leads back"]);
    bmc.fault(list, Fault::Endless);
    let error = bmc.client().systems().await.expect_err("no end");
    assert!(matches!(error, RedfishError::TooLarge { .. }), "{error:?}");
    says(&error, &["more than 8 pages"]);
    let few = Limits { members: 3, ..limits() };
    let access = Access::Open;
    let error = client_for(&bmc.address, access, bmc.trust.clone(), few).systems().await;
    says(&error.expect_err("no end"), &["more than 3 members"]);
}

#[tokio::test]
async fn a_list_without_members_is_no_empty_list() {
    let bmc = Bmc::start().await;
    bmc.fault("/redfish/v1/Systems", Fault::Says("{\"Members@odata.count\": 0}"));
    let error = bmc.client().systems().await.expect_err("half an answer");
    assert!(matches!(error, RedfishError::NotRedfish { .. }), "{error:?}");
    says(&error, &["has no members property"]);
}

#[tokio::test]
async fn what_is_no_redfish_service_is_named() {
    let bmc = Bmc::start_with([("/redfish/v1/".to_owned(), serde_json::json!({}))].into()).await;
    let error = bmc.client().service().await.expect_err("something else");
    assert!(matches!(error, RedfishError::NotRedfish { .. }), "{error:?}");
    says(&error, &["neither a version nor the type"]);
}

#[tokio::test]
async fn no_redirect_is_followed_and_no_link_that_leads_away() {
    let (bmc, elsewhere) = (Bmc::start().await, Bmc::start().await);
    bmc.fault(SYSTEM, Fault::Leads(format!("{}{SYSTEM}", elsewhere.address)));
    let error = bmc.client().system(&system()).await.expect_err("a redirect");
    assert!(matches!(error, RedfishError::NotRedfish { .. }), "{error:?}");
    says(&error, &["leads on to", &elsewhere.address]);
    let away = Link::new(&format!("{}{SYSTEM}", elsewhere.address));
    let error = bmc.client().system(&away).await.expect_err("another place");
    says(&error, &["leads away from it"]);
    assert!(elsewhere.world().asked.is_empty(), "nobody asked there");
}

#[tokio::test]
async fn a_refusal_shows_what_the_controller_says() {
    let error = with(Fault::Refuses(503)).await;
    says(&error, &["refused (503)", "It broke (Ask nicely)"]);
    assert!(error.is_retryable());
    assert_eq!(error.messages()[0].id.as_deref(), Some("Base.1.8.InternalError"));
    let error = with(Fault::Mute(404)).await;
    says(&error, &["refused (404)", "its firmware does not know this"]);
    assert!(!error.is_retryable());
    let error = with(Fault::FalseOk).await;
    assert!(matches!(error, RedfishError::Refused { status: 200, .. }), "{error:?}");
    says(&error, &["Good night"]);
}
