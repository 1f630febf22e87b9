//! Scripts, tokens, secrets and calls.

use std::sync::atomic::Ordering;

use boot::{ArmError, Event, Stage};

use crate::speaks::Served;

#[tokio::test]
async fn a_machine_is_known_by_all_that_it_says_and_starts_from_its_disk() {
    let served = Served::start().await;
    for query in ["mac=52:54:00:00:00:01", "mac=52-54-00-00-00-02&uuid=", "mac=&uuid=4c4c-01"] {
        assert_eq!(served.get(&format!("/ipxe?{query}")).await.text(), "a from disk", "{query}");
    }
    assert_eq!(served.get("/ipxe?role=compute").await.text(), "role/compute from disk");
    // What the playbook says about a machine counts more than what it says itself.
    let both = served.get("/ipxe?mac=52:54:00:00:00:03&role=compute").await;
    assert_eq!(both.text(), "b from disk");
    assert_eq!(served.get("/boot.ipxe").await.text(), "the first script\n");
    assert_eq!(both.header("cache-control"), Some("no-store"));
    served.stop().await;
}

#[tokio::test]
async fn a_stranger_is_told_about_once() {
    let served = Served::start().await;
    for _ in 0..3 {
        let answer = served.get("/ipxe?mac=52:54:00:00:00:99&uuid=x%0Ay").await;
        assert_eq!((answer.status, answer.text().as_str()), (200, "nobody knows you"));
    }
    let expected = Event::Stranger { mac: "52:54:00:00:00:99".to_owned(), uuid: "xy".to_owned() };
    assert_eq!(served.told(), [expected]);
    served.stop().await;
}

#[tokio::test]
async fn an_armed_machine_installs_once() {
    let served = Served::start().await;
    served.service.arm("a").expect("it is there");
    let token = served.token("52:54:00:00:00:01").await;
    let answers = served.get(&format!("/install/{token}/answers")).await;
    assert_eq!((answers.status, answers.text().as_str()), (200, "a-1000000 answers"));
    let heard = served.post(&format!("/install/{token}/phone-home/installing"), "").await;
    assert_eq!(heard.status, 200);
    assert!(served.get("/ipxe?mac=52:54:00:00:00:01").await.text().starts_with("install a"));
    served.post(&format!("/install/{token}/phone-home/installed"), "hostname=a").await;
    assert_eq!(served.get("/ipxe?mac=52:54:00:00:00:01").await.text(), "a from disk");
    // The installed system still reads its own documents, until it is ready.
    assert_eq!(served.get(&format!("/install/{token}/answers")).await.status, 200);
    served.post(&format!("/install/{token}/phone-home/ready"), "").await;
    assert_eq!(served.get(&format!("/install/{token}/answers")).await.status, 404);
    let late = served.post(&format!("/install/{token}/phone-home/ready"), "").await;
    assert_eq!(late.status, 404);
    let stages: Vec<Stage> = served
        .told()
        .into_iter()
        .filter_map(|event| match event {
            Event::PhonedHome { stage, .. } => Some(stage),
            Event::ToldToInstall { .. }
            | Event::Answered { .. }
            | Event::SecretTaken { .. }
            | Event::SecretRefused { .. }
            | Event::Stranger { .. }
            | Event::Fetched { .. } => None,
        })
        .collect();
    assert_eq!(stages, [Stage::Installing, Stage::Installed, Stage::Ready]);
    served.stop().await;
}

#[tokio::test]
async fn a_secret_is_handed_out_once() {
    let served = Served::start().await;
    served.service.arm("a").expect("it is there");
    let token = served.token("52:54:00:00:00:01").await;
    let first = served.get(&format!("/install/{token}/secret/password")).await;
    assert_eq!((first.status, first.text().as_str()), (200, "canary-7fd1"));
    assert_eq!(first.header("cache-control"), Some("no-store"));
    let second = served.get(&format!("/install/{token}/secret/password")).await;
    assert_eq!(second.status, 410);
    assert_eq!(served.get(&format!("/install/{token}/secret/missing")).await.status, 503);
    assert_eq!(served.get(&format!("/install/{token}/secret/other")).await.status, 404);
    assert_eq!(
        served.get("/install/00000000000000000000000000000000/secret/password").await.status,
        404
    );
    let told = format!("{:?} {:?}", served.told(), served.service);
    assert!(told.contains("SecretTaken") && told.contains("SecretRefused"), "{told}");
    assert!(!told.contains("canary-7fd1"), "{told}");
    served.stop().await;
}

#[tokio::test]
async fn arming_again_ends_what_was_before() {
    let served = Served::start().await;
    served.service.arm("a").expect("it is there");
    let before = served.token("52:54:00:00:00:01").await;
    served.service.arm("a").expect("it is there");
    let after = served.token("52:54:00:00:00:01").await;
    assert_ne!(before, after);
    assert_eq!(served.get(&format!("/install/{before}/answers")).await.status, 404);
    assert_eq!(served.get(&format!("/install/{after}/secret/password")).await.status, 200);
    served.stop().await;
}

#[tokio::test]
async fn an_installation_ends_by_its_time() {
    let served = Served::start().await;
    served.service.arm("a").expect("it is there");
    let token = served.token("52:54:00:00:00:01").await;
    served.clock.fetch_add(boot::limits::INSTALLATION.as_secs(), Ordering::SeqCst);
    assert_eq!(served.get("/ipxe?mac=52:54:00:00:00:01").await.text(), "a from disk");
    assert_eq!(served.get(&format!("/install/{token}/secret/password")).await.status, 404);
    served.stop().await;
}

#[tokio::test]
async fn an_armed_role_installs_every_undeclared_machine_that_says_it() {
    let served = Served::start().await;
    served.service.arm("role/compute").expect("it is there");
    for mac in ["52:54:00:00:00:aa", "52:54:00:00:00:ab"] {
        let script = served.get(&format!("/ipxe?mac={mac}&role=compute")).await.text();
        assert!(script.starts_with("install role/compute"), "{script}");
        let token = script.split('/').nth(5).unwrap_or_default().to_owned();
        let heard = served.post(&format!("/install/{token}/phone-home/ready"), "").await;
        assert_eq!(heard.status, 200);
    }
    assert_eq!(served.get("/ipxe?mac=52:54:00:00:00:01&role=compute").await.text(), "a from disk");
    served.stop().await;
}

#[tokio::test]
async fn who_cannot_be_installed_is_not_armed() {
    let served = Served::start().await;
    assert!(matches!(served.service.arm("c"), Err(ArmError::Unknown(name)) if name == "c"));
    let refused = served.service.arm("b").expect_err("it has no image");
    assert_eq!(refused.to_string(), "`b` cannot be installed: it has no image");
    assert_eq!(served.get("/ipxe?mac=52:54:00:00:00:03").await.text(), "b from disk");
    served.stop().await;
}

#[tokio::test]
async fn what_is_too_long_or_unknown_is_refused() {
    let served = Served::start().await;
    served.service.arm("a").expect("it is there");
    let token = served.token("52:54:00:00:00:01").await;
    let long = "x".repeat(boot::limits::BODY + 1);
    let path = format!("/install/{token}/phone-home/ready");
    assert_eq!(served.post(&path, &long).await.status, 413);
    assert_eq!(served.post(&format!("/install/{token}/phone-home/armed"), "").await.status, 404);
    // Looking is not calling.
    assert_eq!(served.get(&path).await.status, 405);
    assert_eq!(served.get("/nothing").await.status, 404);
    assert_eq!(served.get("/healthz").await.text(), "ok\n");
    served.stop().await;
}
