//! Messages: the page that asks for them, and the service worker that shows what was pushed.
//!
//! No push service is reached from here: the browser's own protocol hands the worker what one would.

use serde_json::{Value, json};

use super::browser::Look;
use super::stage::Stage;

/// Registers the worker as the page does, and waits until it works. Returns its scope.
const REGISTER: &str = "
    await navigator.serviceWorker.register('/service-worker.js');
    return (await navigator.serviceWorker.ready).scope;";

/// What the worker shows now, once it shows something.
const SHOWN: &str = "
    const worker = await navigator.serviceWorker.ready;
    for (;;) {
        const all = await worker.getNotifications();
        const found = all.find((it) => it.tag === TAG);
        if (found) {
            const { title, body, requireInteraction, data } = found;
            return { count: all.length, title, body, requireInteraction, data, actions: found.actions.map((it) => it.action) };
        }
        await new Promise((next) => requestAnimationFrame(next));
    }";

#[tokio::test(flavor = "multi_thread")]
async fn the_account_asks_for_messages_and_the_worker_shows_them() {
    let Some(stage) = Stage::open(Look::default()).await else { return };
    stage.go("/account").await;
    let button = stage.find("[data-messages-add]").await;
    assert!(button.is_displayed().await.unwrap(), "this browser could get them");
    assert_eq!(button.text().await.unwrap(), "Get messages in this browser");

    let browser = &stage.browser;
    let origin = &stage.council.origin;
    let permission = json!({"origin": origin, "permissions": ["notifications"]});
    browser.command("Browser.grantPermissions", permission).await;
    let run = async |script: &str| {
        browser.evaluate(&format!("return (async () => {{ {script} }})()")).await
    };
    assert_eq!(run(REGISTER).await, json!(format!("{origin}/")));
    browser.command("ServiceWorker.enable", json!({})).await;
    let push = async |told: &Value| {
        // The first worker of a fresh profile.
        let data = told.to_string();
        let arguments = json!({"origin": origin, "registrationId": "0", "data": data});
        browser.command("ServiceWorker.deliverPushMessage", arguments).await;
    };
    let page = json!({
        "title": "INC-2026-0001: nobody can pay", "text": "It was declared.", "urgent": true,
        "about": "incident/INC-2026-0001", "link": "/incidents/INC-2026-0001", "acknowledge": "/acknowledge/a/ana/ff",
    });
    push(&page).await;
    let shown = run(&SHOWN.replace("TAG", "'incident/INC-2026-0001'")).await;
    assert_eq!(shown["title"], page["title"]);
    assert_eq!((&shown["body"], &shown["requireInteraction"]), (&page["text"], &json!(true)));
    assert_eq!(shown["actions"], json!(["acknowledge", "look"]));
    assert_eq!(shown["data"]["acknowledge"], page["acknowledge"]);

    // A later message about the same takes its place; another one stands beside it, and has nothing to acknowledge.
    push(&json!({"title": "Again", "about": "incident/INC-2026-0001"})).await;
    push(&json!({"title": "A ticket", "text": "", "about": "question/x", "link": "/questions/x"}))
        .await;
    let shown = run(&SHOWN.replace("TAG", "'question/x'")).await;
    assert_eq!((&shown["count"], &shown["actions"]), (&json!(2), &json!([])), "{shown:#}");
    assert_eq!(shown["requireInteraction"], false);

    // What is no message of ours is shown as one that says nothing, and breaks nothing.
    browser
        .command(
            "ServiceWorker.deliverPushMessage",
            json!({"origin": origin, "registrationId": "0", "data": "no JSON"}),
        )
        .await;
    let shown = run(&SHOWN.replace("TAG", "'council'")).await;
    assert_eq!(shown["title"], "council");
    let errors: Vec<_> =
        browser.console().await.into_iter().filter(|said| said.level == "SEVERE").collect();
    assert!(errors.is_empty(), "{errors:?}");
    stage.close().await;
}
