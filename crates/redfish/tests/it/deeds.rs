//! Virtual media, subscriptions.

use axum::http::Method;
use redfish::{Insert, Link, RedfishError, Subscribe};
use serde_json::json;

use crate::bmc::{Bmc, MANAGER, SYSTEM, system};

#[tokio::test]
async fn an_image_is_inserted_below_the_manager_and_ejected() {
    let bmc = Bmc::start().await;
    let client = bmc.client();
    let media = client.virtual_media(&system()).await.expect("media");
    assert_eq!((media.len(), media[0].inserted, media[0].image.as_deref()), (1, Some(false), None));
    let wish = Insert {
        image: "https://images.example.org/rescue.iso".to_owned(),
        user: Some("reader".to_owned()),
        password: Some("image-secret".into()),
        protocol: None,
    };
    let place = &media[0].link;
    let accepted = client.insert_media(place, &wish).await.expect("it is inserted");
    assert_eq!(accepted.task, None);
    let sent = json!({
        "Image": wish.image, "Inserted": true, "WriteProtected": true,
        "UserName": "reader", "Password": "image-secret",
    });
    let actions = format!("{MANAGER}/VirtualMedia/CD/Actions");
    assert_eq!(bmc.sent(&format!("{actions}/VirtualMedia.InsertMedia")), Some(sent));
    assert!(!format!("{wish:?}").contains("image-secret"));
    let media = client.virtual_media(&system()).await.expect("media");
    assert_eq!((media[0].inserted, media[0].image.as_ref()), (Some(true), Some(&wish.image)));
    let accepted = client.eject_media(place).await.expect("it is ejected");
    assert_eq!(accepted.task, None);
    assert_eq!(bmc.sent(&format!("{actions}/VirtualMedia.EjectMedia")), Some(json!({})));
    let media = client.virtual_media(&system()).await.expect("media");
    assert_eq!(media[0].inserted, Some(false));
}

#[tokio::test]
async fn media_without_actions_are_changed_by_their_properties() {
    let bmc = Bmc::start().await;
    let place = format!("{MANAGER}/VirtualMedia/CD");
    bmc.say(&place, "/Actions", json!({}));
    // This controller knows neither way; what it was asked is what counts.
    let error = bmc.client().eject_media(&Link::new(&place)).await.expect_err("refused");
    assert!(matches!(error, RedfishError::Refused { status: 405, .. }), "{error:?}");
    assert_eq!(bmc.sent(&place), Some(json!({ "Image": null, "Inserted": false })));
    assert_eq!(bmc.count(&Method::PATCH, &place), 1);
}

#[tokio::test]
async fn a_system_without_virtual_media_says_so() {
    let bmc = Bmc::start().await;
    bmc.say(SYSTEM, "/Links/ManagedBy", json!([]));
    let error = bmc.client().virtual_media(&system()).await.expect_err("none");
    assert!(error.to_string().contains("does not offer virtual media"), "{error}");
}

#[tokio::test]
async fn a_subscription_is_made_listed_and_removed() {
    let bmc = Bmc::start().await;
    let client = bmc.client();
    assert_eq!(client.subscriptions().await.expect("a list"), []);
    let wish = Subscribe {
        destination: "https://council.example.org/events".to_owned(),
        context: "bm-7".to_owned(),
        event_types: Vec::new(),
    };
    let place = client.subscribe(&wish).await.expect("a subscription");
    let found = client.subscriptions().await.expect("a list");
    assert_eq!((found.len(), &found[0].link), (1, &place));
    assert_eq!(found[0].destination.as_ref(), Some(&wish.destination));
    assert_eq!(found[0].context.as_deref(), Some("bm-7"));
    client.unsubscribe(&place).await.expect("it is removed");
    assert_eq!(client.subscriptions().await.expect("a list"), []);
    client.unsubscribe(&place).await.expect("gone is gone");
    // Controllers of before 2018 want types of events in place of a format.
    let old = Subscribe { event_types: vec!["Alert".to_owned()], ..wish };
    client.subscribe(&old).await.expect("a subscription");
    let sent = bmc.sent("/redfish/v1/EventService/Subscriptions").expect("a body");
    assert_eq!((&sent["EventTypes"], sent.get("EventFormatType")), (&json!(["Alert"]), None));
}
