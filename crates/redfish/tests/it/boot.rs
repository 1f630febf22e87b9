//! Booting from something else.

use axum::http::Method;
use redfish::{BootEnabled, BootMode, BootOverride, BootTarget, RedfishError};
use serde_json::json;

use crate::bmc::{Bmc, SYSTEM, system};

fn pxe_once() -> BootOverride {
    let target = Some(BootTarget::Pxe);
    BootOverride { enabled: BootEnabled::Once, target, mode: None, http_uri: None }
}

#[tokio::test]
async fn only_what_is_wanted_is_changed_and_what_became_of_it_is_read() {
    let bmc = Bmc::start().await;
    let boot = bmc.client().set_boot(&system(), &pxe_once()).await.expect("it is changed");
    assert_eq!((boot.enabled.as_deref(), boot.target.as_deref()), (Some("Once"), Some("Pxe")));
    let sent = json!({ "Boot": {
        "BootSourceOverrideEnabled": "Once", "BootSourceOverrideTarget": "Pxe",
    } });
    assert_eq!(bmc.sent(SYSTEM), Some(sent));
    let wish = BootOverride { mode: Some(BootMode::Uefi), ..pxe_once() };
    bmc.client().set_boot(&system(), &wish).await.expect("it is changed");
    let sent = bmc.sent(SYSTEM).expect("a body");
    assert_eq!(sent["Boot"]["BootSourceOverrideMode"], "UEFI");
    let back = BootOverride { enabled: BootEnabled::Disabled, target: None, ..pxe_once() };
    let boot = bmc.client().set_boot(&system(), &back).await.expect("it is changed back");
    assert_eq!(boot.enabled.as_deref(), Some("Disabled"));
}

#[tokio::test]
async fn a_target_that_is_not_offered_is_not_sent() {
    let bmc = Bmc::start().await;
    let wish = BootOverride { target: Some(BootTarget::UefiHttp), ..pxe_once() };
    let error = bmc.client().set_boot(&system(), &wish).await.expect_err("not offered");
    let text = error.to_string();
    assert!(text.contains("to boot from `UefiHttp`"), "{text}");
    assert!(text.contains("it offers: None, Pxe, Cd, Hdd"), "{text}");
    assert_eq!(bmc.count(&Method::PATCH, SYSTEM), 0);
}

#[tokio::test]
async fn the_version_that_was_read_goes_along() {
    let bmc = Bmc::start().await;
    bmc.world().etag = Some("\"v1\"".to_owned());
    bmc.client().set_boot(&system(), &pxe_once()).await.expect("the right version");
    assert_eq!(bmc.count(&Method::PATCH, SYSTEM), 1);
    // One that shows its tags weak and compares them byte by byte.
    bmc.world().is_picky = true;
    bmc.client().set_boot(&system(), &pxe_once()).await.expect("the strong way");
    assert_eq!(bmc.count(&Method::PATCH, SYSTEM), 3);
}

#[tokio::test]
async fn a_version_that_never_fits_is_given_up_after_two_attempts() {
    let bmc = Bmc::start().await;
    {
        let mut world = bmc.world();
        world.etag = Some("\"v1\"".to_owned());
        world.is_fickle = true;
    }
    let error = bmc.client().set_boot(&system(), &pxe_once()).await.expect_err("refused");
    assert!(matches!(error, RedfishError::Refused { status: 412, .. }), "{error:?}");
    assert!(error.to_string().contains("somebody else changed it"), "{error}");
    assert_eq!(bmc.count(&Method::PATCH, SYSTEM), 2);
}

#[tokio::test]
async fn settings_beside_the_system_are_what_is_changed() {
    let bmc = Bmc::start().await;
    let place = format!("{SYSTEM}/Sd");
    let refer = json!({ "SettingsObject": { "@odata.id": place } });
    bmc.world().pages.get_mut(SYSTEM).expect("a page")["@Redfish.Settings"] = refer;
    let beside = json!({ "@odata.id": place, "Boot": {} });
    bmc.world().pages.insert(place.clone(), beside);
    // This controller does not know how to; that it was asked there is what counts.
    let error = bmc.client().set_boot(&system(), &pxe_once()).await.expect_err("refused");
    assert!(matches!(error, RedfishError::Refused { status: 405, .. }), "{error:?}");
    assert_eq!(bmc.count(&Method::PATCH, &place), 1);
    // Settings that know nothing about booting are left alone.
    bmc.world().pages.insert(place.clone(), json!({ "@odata.id": place }));
    bmc.client().set_boot(&system(), &pxe_once()).await.expect("the system is changed");
    assert_eq!((bmc.count(&Method::PATCH, &place), bmc.count(&Method::PATCH, SYSTEM)), (1, 1));
}
