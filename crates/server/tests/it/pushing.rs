//! Pages that come to browsers: a push service on this machine, what it can read of a message and what only the browser can, a
//! browser that is gone, and an address that leads into the house.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use aes_gcm::aead::{Aead as _, KeyInit as _};
use aes_gcm::{Aes128Gcm, Nonce};
use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as BASE64;
use hkdf::Hkdf;
use p256::{PublicKey, SecretKey};
use reqwest::Method;
use serde_json::{Value, json};
use sha2::Sha256;
use tokio::sync::mpsc;

use crate::incidents::RELIABILITY;
use crate::support::{Key, Role, World};

/// A message as a push service gets it.
#[derive(Debug)]
struct Parcel {
    browser: String,
    headers: HeaderMap,
    body: Vec<u8>,
}

#[derive(Clone, Debug)]
struct Service {
    parcels: mpsc::UnboundedSender<Parcel>,
    /// What browsers that are not well are answered.
    ill: Arc<Mutex<BTreeMap<String, u16>>>,
}

async fn take(
    State(service): State<Service>,
    Path(browser): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> StatusCode {
    let ill = service.ill.lock().expect("a lock").get(&browser).copied();
    let parcel = Parcel { browser, headers, body: body.to_vec() };
    service.parcels.send(parcel).expect("a reader");
    ill.and_then(|status| StatusCode::from_u16(status).ok()).unwrap_or(StatusCode::CREATED)
}

/// A push service, its address, and what it is given.
async fn service() -> (Service, String, mpsc::UnboundedReceiver<Parcel>) {
    let (parcels, given) = mpsc::unbounded_channel();
    let service = Service { parcels, ill: Arc::default() };
    let routes = Router::new().route("/push/{browser}", post(take)).with_state(service.clone());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = format!("http://{}", listener.local_addr().expect("an address"));
    tokio::spawn(async move { axum::serve(listener, routes).await });
    (service, address, given)
}

/// The keys of a browser; no two tests share one.
struct Browser {
    secret: SecretKey,
    auth: [u8; 16],
}

impl Browser {
    fn new(number: u8) -> Self {
        let secret = SecretKey::from_slice(&[number; 32]).expect("a key");
        Self { secret, auth: [number; 16] }
    }

    fn point(&self) -> Vec<u8> {
        self.secret.public_key().to_sec1_bytes().to_vec()
    }

    fn subscription(&self, endpoint: &str) -> Value {
        let keys = json!({"p256dh": BASE64.encode(self.point()), "auth": BASE64.encode(self.auth)});
        json!({"endpoint": endpoint, "expirationTime": null, "keys": keys, "name": "Firefox on Linux"})
    }

    /// Reads a message as a browser does (RFC 8291, section 3).
    fn read(&self, body: &[u8]) -> Value {
        let (salt, rest) = body.split_at(16);
        let (head, sealed) = rest.split_at(5 + 65);
        let theirs = PublicKey::from_sec1_bytes(&head[5..]).expect("a point");
        let shared =
            p256::ecdh::diffie_hellman(self.secret.to_nonzero_scalar(), theirs.as_affine());
        let derive = |salt: &[u8], material: &[u8], info: &[u8], key: &mut [u8]| {
            Hkdf::<Sha256>::new(Some(salt), material).expand(info, key).expect("a key");
        };
        let info = [b"WebPush: info\0".as_slice(), &self.point(), &head[5..]].concat();
        let (mut material, mut key, mut nonce) = ([0; 32], [0; 16], [0; 12]);
        derive(&self.auth, shared.raw_secret_bytes(), &info, &mut material);
        derive(salt, &material, b"Content-Encoding: aes128gcm\0", &mut key);
        derive(salt, &material, b"Content-Encoding: nonce\0", &mut nonce);
        let plain = Aes128Gcm::new(&key.into()).decrypt(&Nonce::from(nonce), sealed);
        let plain = plain.expect("a message for this browser");
        let end = plain.iter().rposition(|byte| *byte == 2).expect("the mark of the last record");
        serde_json::from_slice(&plain[..end]).expect("JSON")
    }
}

/// A world in which Ana is told by browsers first.
async fn world(service: &str) -> World {
    let files = format!(
        "{RELIABILITY}
---
apiVersion: council/v1
kind: NotificationChannel
metadata: {{name: browsers}}
spec: {{by: push, url: '{service}', from: sre@example.org}}
---
apiVersion: council/v1
kind: EscalationPolicy
metadata: {{name: all}}
spec: {{default: true, steps: [{{notify: [person/ana], wait: 1h}}]}}
"
    );
    World::governed_and(&[("reliability.yaml", &files)], |_| {}).await
}

async fn declare(world: &World, dan: &Key) {
    let body = json!({"title": "Nobody can pay", "services": ["db"]});
    let declared = world.post("/api/v1/incidents", dan, body).await;
    assert!(declared.status().is_success(), "{}", declared.status());
}

#[tokio::test]
async fn a_page_comes_to_every_browser_and_only_they_can_read_it() {
    let (services, address, mut given) = service().await;
    let world = world(&address).await;
    let (ana, dan) = (world.session(Role::Holder).await, world.session(Role::Member).await);
    let (phone, laptop) = (Browser::new(7), Browser::new(8));
    for (name, browser) in [("phone", &phone), ("laptop", &laptop)] {
        let asked = browser.subscription(&format!("{address}/push/{name}"));
        let added = world.post("/api/v1/devices", &ana, asked).await;
        assert_eq!(added.status(), 201);
        let added: Value = added.json().await.expect("JSON");
        assert_eq!((&added["person"], &added["service"]), (&json!("ana"), &json!("127.0.0.1")));
        assert!(!added.to_string().contains("/push/"), "nobody is told where to push: {added}");
    }
    services.ill.lock().expect("a lock").insert("laptop".to_owned(), 410);
    declare(&world, &dan).await;

    let mut parcels = [given.recv().await.expect("one"), given.recv().await.expect("another")];
    parcels.sort_by(|left, right| left.browser.cmp(&right.browser));
    let told = phone.read(&parcels[1].body);
    assert!(told["title"].as_str().is_some_and(|it| it.contains("Nobody can pay")), "{told:#}");
    assert_eq!(
        (&told["urgent"], &told["link"]),
        (&json!(true), &json!("/incidents/INC-2026-0001"))
    );
    assert_eq!(laptop.read(&parcels[0].body)["title"], told["title"]);
    let header = |name: &str| parcels[1].headers[name].to_str().expect("text").to_owned();
    assert_eq!((header("ttl"), header("urgency")), ("3600".to_owned(), "high".to_owned()));
    assert_eq!(header("content-encoding"), "aes128gcm");
    let key = world.read("/api/v1/devices/key", &ana).await;
    let key = format!("k={}", key["key"].as_str().expect("text"));
    assert!(header("authorization").ends_with(&key), "the key that the page gave the browser");
    assert!(!String::from_utf8_lossy(&parcels[1].body).contains("pay"));

    // The phone has it, so that it is delivered; the laptop is gone, and forgotten.
    let left = world.read("/api/v1/devices", &ana).await;
    let names: Vec<_> = left["items"].as_array().expect("a list").iter().collect();
    assert_eq!(names.len(), 1, "{left:#}");
    assert_ne!(names[0]["used"], Value::Null, "{left:#}");
    let all = world.read("/api/v1/notifications", &ana).await;
    let attempts = &all["items"][0]["attempts"];
    assert_eq!(attempts.as_array().map(Vec::len), Some(1), "{all:#}");

    let path = told["acknowledge"].as_str().expect("an address");
    let done = world.client.post(world.url(path)).send().await.expect("an answer");
    assert!(done.status().is_redirection(), "{}", done.status());
    let all = world.read("/api/v1/notifications", &ana).await;
    assert_eq!(all["items"][0]["acknowledged_by"], "ana", "{all:#}");
}

#[tokio::test]
async fn whoever_has_no_browser_is_told_so_by_the_record() {
    let (_, address, mut given) = service().await;
    let world = world(&address).await;
    let dan = world.session(Role::Member).await;
    declare(&world, &dan).await;
    let lost = loop {
        let all = world.read("/api/v1/notifications", &dan).await;
        let text = all.to_string();
        if text.contains("no browser of theirs") {
            break text;
        }
        tokio::task::yield_now().await;
    };
    assert!(lost.contains("on the page Account"), "{lost}");
    assert!(given.try_recv().is_err(), "nothing was sent");
}

#[tokio::test]
async fn a_browser_is_its_persons_and_ends_with_their_access() {
    let (_, address, mut given) = service().await;
    let world = world(&address).await;
    let (ana, dan) = (world.session(Role::Holder).await, world.session(Role::Member).await);
    let asked = Browser::new(9).subscription(&format!("{address}/push/a"));
    let added = world.post("/api/v1/devices", &ana, asked.clone()).await;
    let added: Value = added.json().await.expect("JSON");
    let path = format!("/api/v1/devices/{}", added["id"].as_str().expect("an id"));

    // Nobody else sees it, tries it or takes it away.
    assert_eq!(world.read("/api/v1/devices", &dan).await["items"], json!([]));
    let trial = format!("{path}/trial");
    assert_eq!(world.post(&trial, &dan, Value::Null).await.status(), 403);
    let taken = world.request(Method::DELETE, &path, &dan).send().await.expect("an answer");
    assert_eq!(taken.status(), 403);
    assert_eq!(world.post(&trial, &ana, Value::Null).await.status(), 204);
    let parcel = given.recv().await.expect("a message");
    assert_eq!(Browser::new(9).read(&parcel.body)["urgent"], false);

    let page = world.get("/account", &ana).await.text().await.expect("text");
    assert!(page.contains("Firefox on Linux") && !page.contains("/push/a"), "{page}");
    let ended = world.request(Method::DELETE, "/api/v1/sessions", &ana).send().await;
    assert_eq!(ended.expect("an answer").status(), 204);
    let again = world.session(Role::Holder).await;
    assert_eq!(world.read("/api/v1/devices", &again).await["items"], json!([]), "out everywhere");

    // Whoever signs in on the same browser next has it.
    for (who, left) in [(&again, &dan), (&dan, &again)] {
        let added = world.post("/api/v1/devices", who, asked.clone()).await;
        assert_eq!(added.status(), 201);
        assert_eq!(world.read("/api/v1/devices", left).await["items"], json!([]));
    }
}

#[tokio::test]
async fn no_subscription_leads_into_the_house() {
    let (_, address, mut given) = service().await;
    let world = world("https://push.example.org").await;
    let ana = world.session(Role::Holder).await;
    let browser = Browser::new(11);
    let near = address.replace("http://", "https://");
    for (endpoint, words) in [
        (address.as_str(), "not `https`"),
        ("https://ana:secret@push.example.org/", "a name or a password"),
        ("file:///etc/passwd", "not `https`"),
    ] {
        let refused = world.post("/api/v1/devices", &ana, browser.subscription(endpoint)).await;
        assert_eq!(refused.status(), 400, "{endpoint}");
        let said = refused.text().await.expect("text");
        assert!(said.contains(words) && !said.contains("secret"), "{said}");
    }
    for endpoint in [near.as_str(), "https://10.0.0.1/push", "https://169.254.169.254/latest"] {
        let added = world.post("/api/v1/devices", &ana, browser.subscription(endpoint)).await;
        let added: Value = added.json().await.expect("JSON");
        let path = format!("/api/v1/devices/{}/trial", added["id"].as_str().expect("an id"));
        let tried = world.post(&path, &ana, Value::Null).await;
        assert_eq!(tried.status(), 503, "{endpoint}");
        let said = tried.text().await.expect("text");
        assert!(said.contains("nobody may be sent to"), "{endpoint}: {said}");
    }
    assert!(given.try_recv().is_err(), "nothing was sent");
}
