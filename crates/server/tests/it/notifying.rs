//! Pages: from the declared incident over a channel to whoever acknowledges, and over a crash of the channel.

use axum::Router;
use axum::http::StatusCode;
use axum::routing::post;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::mpsc;

use crate::incidents::RELIABILITY;
use crate::support::{Key, Role, World};

/// A webhook that answers the first message with a failure, and what it was sent.
async fn channel() -> (String, mpsc::UnboundedReceiver<Value>) {
    let (sender, receiver) = mpsc::unbounded_channel();
    let failed = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(false));
    let take = move |body: axum::Json<Value>| async move {
        sender.send(body.0).expect("a reader");
        if failed.swap(true, std::sync::atomic::Ordering::SeqCst) {
            StatusCode::OK
        } else {
            StatusCode::BAD_GATEWAY
        }
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let app = Router::new().route("/hook", post(take));
    tokio::spawn(async move { axum::serve(listener, app).await });
    (format!("http://{address}/hook"), receiver)
}

#[tokio::test]
async fn an_incident_pages_again_after_a_failure_until_the_link_acknowledges() {
    let (url, mut messages) = channel().await;
    let channels = format!(
        "{RELIABILITY}
---
apiVersion: council/v1
kind: NotificationChannel
metadata: {{name: hook}}
spec: {{by: webhook, url: '{url}'}}
---
apiVersion: council/v1
kind: EscalationPolicy
metadata: {{name: all}}
spec: {{default: true, steps: [{{notify: [person/ana], wait: 1h}}]}}
"
    );
    let world = World::governed_and(&[("reliability.yaml", &channels)], |_| {}).await;
    let dan = world.session(Role::Member).await;
    let body = json!({"title": "Nobody can pay", "services": ["db"]});
    let declared = world.post("/api/v1/incidents", &dan, body).await;
    assert!(declared.status().is_success());

    let first = messages.recv().await.expect("a message");
    let again = messages.recv().await.expect("it is tried again");
    assert_ne!(first["key"], again["key"], "a new attempt has its own key");
    let subject = again["subject"].as_str().expect("text");
    assert!(subject.contains("Nobody can pay"), "{subject}");

    let link = again["acknowledge"].as_str().expect("a link");
    let path = link.split_once("/acknowledge/").expect("an address").1;
    let path = format!("/acknowledge/{path}");
    let shown = world.get(&path, &Key::Nothing).await.text().await.expect("text");
    assert!(shown.contains("I am Ana and act"), "{shown}");
    let all = world.read("/api/v1/notifications", &dan).await;
    assert_eq!(all["items"][0]["stage"], "open", "looking does nothing: {all:#}");

    let forged = path.replace("/ana/", "/dan/");
    assert_eq!(world.get(&forged, &Key::Nothing).await.status(), 404);
    // As a chat's button asks.
    let press = async |path: &str| {
        let pressed = world.client.post(world.url(path)).json(&json!({"user_name": "ana"}));
        let answer = pressed.send().await.expect("an answer");
        (answer.status().as_u16(), answer.json::<Value>().await.expect("JSON"))
    };
    let (status, said) = press(&forged).await;
    assert_eq!((status, &said["ephemeral_text"]), (404, &Value::Null), "{said:#}");
    let (status, said) = press(&path).await;
    let words = json!("`ana` has seen it and acts.");
    assert_eq!((status, &said["ephemeral_text"]), (200, &words), "{said:#}");
    let (status, said) = press(&path).await;
    let told = said["ephemeral_text"].as_str().expect("text");
    assert!(status == 200 && told.contains("acts on it already"), "{said:#}");
    let done = world.client.post(world.url(&path)).send().await.expect("an answer");
    assert!(done.status().is_redirection(), "{}", done.status());
    let all = world.read("/api/v1/notifications", &dan).await;
    assert_eq!(all["items"][0]["acknowledged_by"], "ana", "{all:#}");
    let shown = world.get(&path, &Key::Nothing).await.text().await.expect("text");
    assert!(shown.contains("has seen it and acts"), "{shown}");
    let page = world.get("/on-call", &dan).await.text().await.expect("text");
    assert!(page.contains("Nobody can pay") && page.contains("somebody acts"), "{page}");
}

#[tokio::test]
async fn whoever_acknowledges_a_page_has_seen_the_incident() {
    let policy = format!(
        "{RELIABILITY}
---
apiVersion: council/v1
kind: EscalationPolicy
metadata: {{name: all}}
spec: {{default: true, steps: [{{notify: [person/ana], wait: 1h}}]}}
"
    );
    let world = World::governed_and(&[("reliability.yaml", &policy)], |_| {}).await;
    let (ana, dan) = (world.session(Role::Holder).await, world.session(Role::Member).await);
    let body = json!({"title": "Nobody can pay", "services": ["db"]});
    let declared = world.post("/api/v1/incidents", &dan, body).await;
    assert!(declared.status().is_success());
    let page = loop {
        // Asking something gives the worker time to work.
        let all = world.read("/api/v1/notifications", &ana).await;
        if let Some(id) = all["items"][0]["id"].as_str() {
            break id.to_owned();
        }
    };
    let incident = "/api/v1/incidents/INC-2026-0001";
    let before = world.read(incident, &ana).await;
    assert_eq!(before["row"]["clocks"]["to_acknowledge"], Value::Null, "{before:#}");
    let path = format!("/api/v1/notifications/{page}/acknowledgement");
    let done = world.post(&path, &ana, json!({})).await;
    assert_eq!(done.status(), 200);
    let after = world.read(incident, &ana).await;
    assert_eq!(after["row"]["clocks"]["to_acknowledge"], 0, "{after:#}");
}

#[tokio::test]
async fn whoever_comes_on_call_is_sent_what_they_have_to_know() {
    let (url, mut messages) = channel().await;
    let local = |seconds: i64| {
        let moment = jiff::Timestamp::now() + jiff::SignedDuration::from_secs(seconds);
        moment.to_zoned(jiff::tz::TimeZone::UTC).strftime("%Y-%m-%dT%H:%M:%S").to_string()
    };
    // What was handed over before the record began is nobody's news.
    let (from, to) = (local(2), local(36_000));
    let on_call = format!(
        "{RELIABILITY}
---
apiVersion: council/v1
kind: NotificationChannel
metadata: {{name: hook}}
spec: {{by: webhook, url: '{url}'}}
---
apiVersion: council/v1
kind: Schedule
metadata: {{name: first, title: First line}}
spec: {{time_zone: Etc/UTC, layers: [{{starts: 2026-01-05, rotation: {{weekly: {{day: mon}}}}, people: [{{person: dan}}]}}]}}
---
apiVersion: council/v1
kind: Override
metadata: {{name: tonight}}
spec: {{schedule: schedule/first, person: ana, from: '{from}', to: '{to}', reason: Dan is at the dentist.}}
"
    );
    let world = World::governed_and(&[("reliability.yaml", &on_call)], |_| {}).await;
    let dan = world.session(Role::Member).await;
    let begun = world.post("/api/v1/feedback", &dan, json!({"text": "Good."})).await;
    assert_eq!(begun.status(), 201, "the record begins");
    messages.recv().await.expect("a message, which the channel refuses once");
    let note = messages.recv().await.expect("it is tried again");
    assert_eq!(note["subject"], "First line: you are on call now");
    let text = note["text"].as_str().expect("text");
    assert!(text.contains("Dan hands over to Ana, until"), "{text}");
    assert_eq!(note["acknowledge"], Value::Null, "nobody has to answer");
    let all = world.read("/api/v1/notifications", &dan).await;
    let told = &all["items"][0];
    assert_eq!(
        (&told["urgency"], all["items"].as_array().map(Vec::len)),
        (&json!("ticket"), Some(1))
    );
}
