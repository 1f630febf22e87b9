//! Resets: checked before, watched after.

use std::time::Duration;

use axum::http::Method;
use redfish::{Link, RedfishError, ResetType, Verdict};
use serde_json::json;

use crate::bmc::{Bmc, SYSTEM, system};

const RESET: &str = "/redfish/v1/Systems/System.Embedded.1/Actions/ComputerSystem.Reset";
const PATIENCE: Duration = Duration::from_secs(20);
const PACE: Duration = Duration::from_millis(1);

async fn watch(bmc: &Bmc, reset: ResetType, patience: Duration) -> Result<Verdict, RedfishError> {
    bmc.client().power_and_verify_at(&system(), reset, patience, PACE).await
}

#[tokio::test]
async fn a_reset_is_sent_and_its_progress_can_be_read() {
    let bmc = Bmc::start().await;
    let client = bmc.client();
    let accepted = client.reset(&system(), ResetType::ForceOff).await.expect("it is accepted");
    assert_eq!(bmc.sent(RESET), Some(json!({ "ResetType": "ForceOff" })));
    let task = client.task(&accepted.task.expect("it is done later")).await.expect("a task");
    assert_eq!((task.percent, task.is_over()), (Some(40), Some(false)));
}

#[tokio::test]
async fn a_reset_that_is_not_offered_is_not_sent() {
    let bmc = Bmc::start().await;
    let client = bmc.client();
    let offered = client.resets(&system()).await.expect("resets").expect("a list");
    assert_eq!(offered, ["On", "ForceOff", "ForceRestart", "Nmi"]);
    for reset in [ResetType::GracefulShutdown, ResetType::PowerCycle] {
        let error = client.reset(&system(), reset).await.expect_err("not offered");
        assert!(matches!(error, RedfishError::Unsupported { .. }), "{error:?}");
        let text = error.to_string();
        assert!(text.contains("it offers: On, ForceOff, ForceRestart, Nmi"), "{text}");
    }
    assert_eq!(bmc.count(&Method::POST, RESET), 0);
    // Where the values stand beside the action itself they count.
    let action = "#ComputerSystem.Reset";
    bmc.world().pages.get_mut(SYSTEM).expect("a page")["Actions"][action]["ResetType@Redfish.AllowableValues"] =
        json!(["GracefulShutdown"]);
    let error = client.reset(&system(), ResetType::On).await.expect_err("not offered");
    assert!(error.to_string().contains("it offers: GracefulShutdown"), "{error}");
    // A system without the action offers nothing.
    bmc.say(SYSTEM, "/Actions", json!({}));
    let error = client.reset(&system(), ResetType::On).await.expect_err("no action");
    assert!(matches!(error, RedfishError::Unsupported { .. }), "{error:?}");
    assert_eq!(bmc.count(&Method::POST, RESET), 0);
}

#[tokio::test]
async fn power_is_watched_until_it_is_what_it_should_be() {
    let bmc = Bmc::start().await;
    let verdict = watch(&bmc, ResetType::ForceOff, PATIENCE).await.expect("it is off");
    assert_eq!(verdict, Verdict::Seen);
    assert_eq!(bmc.world().power, ["Off"]);
    assert_eq!(watch(&bmc, ResetType::On, PATIENCE).await.expect("it is on"), Verdict::Seen);
    let verdict = watch(&bmc, ResetType::ForceRestart, PATIENCE).await.expect("it restarts");
    assert_eq!(verdict, Verdict::Seen);
    assert_eq!(bmc.world().power, ["On"]);
}

#[tokio::test]
async fn a_controller_that_accepts_and_does_nothing_is_seen_through() {
    let bmc = Bmc::start().await;
    bmc.world().is_lying = true;
    let error =
        watch(&bmc, ResetType::ForceOff, Duration::from_millis(50)).await.expect_err("a lie");
    let RedfishError::NotDone { asked, expected, seen, .. } = &error else { panic!("{error:?}") };
    assert_eq!([asked, expected, seen], ["ForceOff", "Off", "On"]);
    let text = error.to_string();
    assert!(text.contains("accepted `ForceOff`") && text.contains("still `On`"), "{text}");
    assert_eq!(bmc.count(&Method::POST, RESET), 1, "it is not told twice");
}

#[tokio::test]
async fn a_restart_that_leaves_no_trace_is_not_called_seen() {
    let bmc = Bmc::start().await;
    bmc.world().is_lying = true;
    let short = Duration::from_millis(50);
    let verdict = watch(&bmc, ResetType::ForceRestart, short).await.expect("accepted");
    assert_eq!(verdict, Verdict::CannotTell, "the power stays on, and nothing else is shown");
    assert_eq!(watch(&bmc, ResetType::Nmi, short).await.expect("accepted"), Verdict::CannotTell);
    // A controller that keeps the time of the last reset does show it.
    let page = |time: &str| {
        bmc.world().pages.get_mut(SYSTEM).expect("a page")["LastResetTime"] = json!(time);
    };
    page("2026-11-22T10:00:00Z");
    let error = watch(&bmc, ResetType::ForceRestart, short).await.expect_err("a lie");
    assert!(error.to_string().contains("On, without a reset in between"), "{error}");
}

#[tokio::test]
async fn a_controller_that_is_silent_while_it_switches_is_waited_for() {
    let bmc = Bmc::start().await;
    bmc.world().silence = 3;
    let verdict = watch(&bmc, ResetType::ForceOff, PATIENCE).await.expect("it is off");
    assert_eq!(verdict, Verdict::Seen);
    assert_eq!(bmc.world().silence, 0, "it was silent");
}

#[tokio::test]
async fn a_manager_without_resets_is_left_alone() {
    let bmc = Bmc::start().await;
    let manager = Link::new(crate::bmc::MANAGER);
    let error = bmc.client().reset_manager(&manager, ResetType::ForceRestart).await;
    let text = error.expect_err("no action").to_string();
    assert!(text.contains("does not offer Manager.Reset"), "{text}");
}
