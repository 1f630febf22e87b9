//! Credentials that everybody knows.

use axum::http::Method;
use redfish::{Access, Credentials, MOST_TRIES, Probed, RedfishError};

use crate::bmc::{Bmc, Fault, PASSWORD, USER};

const SYSTEMS: &str = "/redfish/v1/Systems";

fn pair(user: &str, password: &str) -> Credentials {
    Credentials { user: user.to_owned(), password: password.into() }
}

async fn probe(bmc: &Bmc, pairs: &[Credentials]) -> Probed {
    bmc.client_as(Access::Open).probe_defaults(pairs).await.expect("an answer")
}

#[tokio::test]
async fn the_first_pair_that_is_taken_is_named_and_no_more_are_tried() {
    let bmc = Bmc::start().await;
    let pairs = [pair("root", "calvin"), pair(USER, PASSWORD), pair("ADMIN", "ADMIN")];
    let expect = Probed::Accepted { user: USER.to_owned(), must_change: false };
    assert_eq!(probe(&bmc, &pairs).await, expect);
    assert_eq!(bmc.world().users.len(), 2, "the third was not tried");
}

#[tokio::test]
async fn a_controller_that_takes_none_is_asked_once_a_pair() {
    let bmc = Bmc::start().await;
    let pairs = [pair("root", "calvin"), pair("ADMIN", "ADMIN")];
    assert_eq!(probe(&bmc, &pairs).await, Probed::Refused { tried: 2 });
    assert_eq!(bmc.world().users.len(), 2);
    assert_eq!(bmc.count(&Method::GET, SYSTEMS), 3, "once as nobody, once a pair");
}

#[tokio::test]
async fn too_many_pairs_are_refused_before_anything_is_sent() {
    let bmc = Bmc::start().await;
    let pairs = vec![pair("root", "calvin"); MOST_TRIES + 1];
    let error = bmc.client().probe_defaults(&pairs).await.expect_err("too many");
    assert!(matches!(error, RedfishError::Unsupported { .. }), "{error:?}");
    assert!(error.to_string().contains("3 at a time"), "{error}");
    assert!(bmc.world().asked.is_empty());
}

#[tokio::test]
async fn a_controller_that_asks_for_nothing_is_open() {
    let bmc = Bmc::start().await;
    bmc.world().is_open = true;
    assert_eq!(probe(&bmc, &[pair("root", "calvin")]).await, Probed::Open);
    assert!(bmc.world().users.is_empty(), "nobody tried to sign in");
}

#[tokio::test]
async fn a_right_password_that_must_be_changed_is_a_right_password() {
    let bmc = Bmc::start().await;
    bmc.fault(SYSTEMS, Fault::WantsChange);
    let expect = Probed::Accepted { user: "root".to_owned(), must_change: true };
    assert_eq!(probe(&bmc, &[pair("root", "calvin")]).await, expect);
}

#[tokio::test]
async fn what_may_be_a_lock_ends_it() {
    let bmc = Bmc::start().await;
    bmc.fault(SYSTEMS, Fault::Refuses(429));
    let pairs = [pair("root", "calvin"), pair("ADMIN", "ADMIN")];
    assert_eq!(probe(&bmc, &pairs).await, Probed::Stopped { tried: 1, status: 429 });
}
