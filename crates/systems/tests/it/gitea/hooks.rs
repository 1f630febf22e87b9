//! Deliveries of a real forge to a small receiver.

use std::collections::BTreeMap;
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::HeaderMap;
use reqwest::Method;
use secrecy::SecretString;
use serde_json::json;
use systems::forge::webhook::{Delivery, Event, Push, Rejection, Reviewed, Seen, Sender, receive};
use systems::forge::{Status, StatusState};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use super::lab::Lab;

const SECRET: &str = "a secret of some length";

/// How long a delivery may take; forges send within a second or two.
const PATIENCE: Duration = Duration::from_secs(30);

struct Raw {
    headers: BTreeMap<String, String>,
    body: Vec<u8>,
}

/// Listens on a port of its own.
async fn listen() -> (String, UnboundedReceiver<Raw>) {
    let (sender, receiver) = unbounded_channel();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/webhooks/forge", listener.local_addr().unwrap());
    let app = Router::new().fallback(take).with_state(sender);
    tokio::spawn(async move { axum::serve(listener, app).await });
    (url, receiver)
}

async fn take(State(sender): State<UnboundedSender<Raw>>, headers: HeaderMap, body: Bytes) {
    let text = |(name, value): (&axum::http::HeaderName, &axum::http::HeaderValue)| {
        Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned()))
    };
    let headers = headers.iter().filter_map(text).collect();
    drop(sender.send(Raw { headers, body: body.to_vec() }));
}

fn read(sender: Sender, raw: &Raw, body: &[u8], secret: &str) -> Result<Delivery, Rejection> {
    let mut seen = Seen::default();
    seen.tick(jiff::Timestamp::now());
    let find = |name: &str| raw.headers.get(name).cloned();
    receive(sender, &find, body, &SecretString::from(secret), &mut seen)
}

/// What was delivered and not waited for yet: a forge keeps no order between pushes and pull requests.
struct Deliveries {
    sender: Sender,
    receiver: UnboundedReceiver<Raw>,
    early: Vec<Event>,
}

impl Deliveries {
    /// Waits for an event; each delivery that comes is accepted, and altered it is not.
    async fn wait(&mut self, expected: &Event) {
        loop {
            if let Some(at) = self.early.iter().position(|event| event == expected) {
                self.early.remove(at);
                return;
            }
            let next = tokio::time::timeout(PATIENCE, self.receiver.recv()).await;
            let raw = next.unwrap_or_else(|_| panic!("no {expected:?}, but {:?}", self.early));
            self.early.push(accepted(self.sender, &raw.unwrap()));
        }
    }
}

fn accepted(sender: Sender, raw: &Raw) -> Event {
    let delivery = read(sender, raw, &raw.body, SECRET).unwrap();
    assert!(!delivery.id.is_empty());
    let mut altered = raw.body.clone();
    let last = altered.len() - 1;
    altered[last] ^= 1;
    assert_eq!(read(sender, raw, &altered, SECRET), Err(Rejection::Forged));
    assert_eq!(read(sender, raw, &raw.body, "another secret"), Err(Rejection::Forged));
    delivery.event
}

pub(super) async fn all(lab: &Lab) {
    let sender = Sender::of(lab.system).unwrap();
    let (url, receiver) = listen().await;
    let mut deliveries = Deliveries { sender, receiver, early: Vec::new() };
    let events = ["push", "pull_request", "pull_request_review", "pull_request_comment"];
    let config = json!({ "url": url, "content_type": "json", "secret": SECRET });
    let hook = json!({ "type": lab.system, "active": true, "events": events, "config": config });
    lab.admin(Method::POST, &lab.project("/hooks"), hook).await;
    let branch = "feat/hooked";
    lab.commit(branch, "hooked.yaml", true).await;
    let number = lab.open(branch, "Hooked").await;
    let head = lab.forge().pull_request(number).await.unwrap().head;
    let push = |after: Option<String>| Event::Push(Push { branch: branch.to_owned(), after });
    deliveries.wait(&push(Some(head.clone()))).await;
    deliveries.wait(&Event::PullRequest { number, merged: false }).await;
    for (person, verdict) in
        [("ana", "REQUEST_CHANGES"), ("ben", "COMMENT"), ("ana", "APPROVED"), ("ben", "APPROVED")]
    {
        lab.review(person, number, verdict).await;
        let reviewed = Event::Review(Reviewed { number, by: lab.name(person) });
        deliveries.wait(&reviewed).await;
    }
    lab.by("eve", Method::PATCH, &format!("/pulls/{number}"), json!({ "title": "Renamed" })).await;
    deliveries.wait(&Event::PullRequest { number, merged: false }).await;
    let status = Status {
        state: StatusState::Success,
        name: "council/pr".to_owned(),
        description: String::new(),
        url: None,
    };
    lab.forge().set_status(&head, &status).await.unwrap();
    let merge = json!({ "Do": "merge", "delete_branch_after_merge": true });
    lab.by("eve", Method::POST, &format!("/pulls/{number}/merge"), merge).await;
    deliveries.wait(&Event::PullRequest { number, merged: true }).await;
}
