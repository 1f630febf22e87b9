//! Signing in, once and again.

use axum::http::Method;
use redfish::{Access, RedfishError};

use crate::bmc::{Bmc, PASSWORD, SYSTEM, USER, system};

const SESSIONS: &str = "/redfish/v1/SessionService/Sessions";

fn session(password: &str) -> Access {
    Access::Session { user: USER.to_owned(), password: password.into() }
}

#[tokio::test]
async fn one_session_serves_many_requests_and_is_given_back() {
    let bmc = Bmc::start().await;
    let client = bmc.client_as(session(PASSWORD));
    let copy = client.clone();
    let (place, two) = (system(), system());
    let (one, other) = tokio::join!(client.system(&place), copy.system(&two));
    one.and(other).expect("both are let in");
    assert_eq!(bmc.world().opened, 1, "copies share it");
    client.close().await.expect("it is closed");
    assert!(bmc.world().tokens.is_empty(), "the controller forgot it");
    client.close().await.expect("twice is no error");
    assert_eq!(bmc.count(&Method::DELETE, &format!("{SESSIONS}/token-1")), 1);
    client.system(&system()).await.expect("the next one opens another");
    assert_eq!(bmc.world().opened, 2);
}

#[tokio::test]
async fn a_session_that_ended_is_renewed_once() {
    let bmc = Bmc::start().await;
    bmc.world().token_uses = 2;
    let client = bmc.client_as(session(PASSWORD));
    for _ in 0..5 {
        client.system(&system()).await.expect("it is let in again");
    }
    assert_eq!(bmc.world().opened, 3);
    // A token that is refused at once is not renewed for ever.
    {
        let mut world = bmc.world();
        world.tokens.clear();
        world.token_uses = 0;
        world.opened = 0;
    }
    bmc.fault(SYSTEM, crate::bmc::Fault::Refuses(401));
    let error = client.system(&system()).await.expect_err("never let in");
    assert!(matches!(error, RedfishError::Unauthorized { .. }), "{error:?}");
    assert_eq!(bmc.world().opened, 1);
}

#[tokio::test]
async fn a_session_that_is_gone_is_closed_without_an_error() {
    let bmc = Bmc::start().await;
    let client = bmc.client_as(session(PASSWORD));
    client.system(&system()).await.expect("a system");
    bmc.fault(&format!("{SESSIONS}/token-1"), crate::bmc::Fault::Refuses(404));
    client.close().await.expect("it is gone, as it should be");
}

#[tokio::test]
async fn wrong_credentials_are_named_and_not_shown() {
    let bmc = Bmc::start().await;
    for access in [
        session("wrong-secret"),
        Access::Basic { user: USER.to_owned(), password: "wrong-secret".into() },
    ] {
        let client = bmc.client_as(access);
        let error = client.system(&system()).await.expect_err("a stranger");
        assert!(matches!(error, RedfishError::Unauthorized { .. }), "{error:?}");
        let text = format!("{error} {error:?} {client:?}");
        assert!(text.contains("check the user and the password"), "{text}");
        assert!(!text.contains("wrong-secret"), "{text}");
    }
}

#[tokio::test]
async fn the_service_root_is_read_without_credentials() {
    let bmc = Bmc::start().await;
    bmc.client().service().await.expect("a root");
    assert!(bmc.world().users.is_empty(), "nobody signed in");
}

#[tokio::test]
async fn a_controller_without_sessions_says_so() {
    let bmc = Bmc::start().await;
    for property in ["Links", "SessionService"] {
        {
            let mut world = bmc.world();
            let root = world.pages.get_mut("/redfish/v1/").and_then(|page| page.as_object_mut());
            root.expect("a root").remove(property);
        }
        let client = bmc.client_as(session(PASSWORD));
        match property {
            // Without the shortcut it is found by the service, which wants no credentials here.
            "Links" => bmc.world().is_open = true,
            _ => {
                let error = client.system(&system()).await.expect_err("no sessions");
                assert!(error.to_string().contains("does not offer sessions"), "{error}");
                continue;
            }
        }
        client.system(&system()).await.expect("a session the longer way");
        assert_eq!(bmc.world().opened, 1);
    }
}
