//! A push service on loopback (RFC 8030, 8291, 8292): it complains about whatever a real one would refuse.

use std::sync::{Arc, Mutex, PoisonError};

use aes_gcm::aead::{Aead as _, KeyInit as _};
use aes_gcm::{Aes128Gcm, Nonce};
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use axum::routing::post;
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as BASE64;
use hkdf::Hkdf;
use jiff::Timestamp;
use p256::ecdsa::signature::Verifier as _;
use p256::ecdsa::{Signature, VerifyingKey};
use p256::{PublicKey, SecretKey};
use serde_json::{Value, json};
use sha2::Sha256;
use webpush::{Endpoints, Subscription, SubscriptionForm};

/// The path behind the host, which nobody but the service and the sender may know.
pub(crate) const PATH: &str = "/push/canary-of-the-endpoint";

/// A browser's secrets.
pub(crate) struct Browser {
    key: SecretKey,
    pub(crate) auth: [u8; 16],
}

/// The one browser that this service knows.
pub(crate) fn browser() -> Browser {
    Browser { key: SecretKey::from_slice(&[5; 32]).expect("a key"), auth: [6; 16] }
}

impl Browser {
    pub(crate) fn secret(&self) -> Vec<u8> {
        self.key.to_bytes().to_vec()
    }

    fn point(&self) -> Vec<u8> {
        self.key.public_key().to_sec1_bytes().to_vec()
    }

    pub(crate) fn subscription(&self, endpoint: &str) -> Subscription {
        let keys = json!({"p256dh": BASE64.encode(self.point()), "auth": BASE64.encode(self.auth)});
        let form = json!({"endpoint": endpoint, "expirationTime": null, "keys": keys});
        let form: SubscriptionForm = serde_json::from_value(form).expect("a form");
        form.check(Endpoints::HttpsOrLoopback).expect("a subscription")
    }

    /// Reads a message from the receiver's side (RFC 8291, section 3.4; RFC 8188, section 2).
    pub(crate) fn read(&self, body: &[u8]) -> Vec<u8> {
        let (salt, rest) = body.split_at(16);
        let (head, sealed) = rest.split_at(5 + 65);
        assert_eq!(
            head.get(..5),
            Some([0, 0, 16, 0, 65].as_slice()),
            "a record of 4,096 bytes, a key of 65"
        );
        let sender = head.get(5..).expect("a key");
        let public = PublicKey::from_sec1_bytes(sender).expect("a point");
        let shared = p256::ecdh::diffie_hellman(self.key.to_nonzero_scalar(), public.as_affine());
        let info = [b"WebPush: info\0".as_slice(), &self.point(), sender].concat();
        let expand = |salt: &[u8], material: &[u8], info: &[u8], length: usize| {
            let mut key = vec![0; length];
            Hkdf::<Sha256>::new(Some(salt), material).expand(info, &mut key).expect("a key");
            key
        };
        let material = expand(&self.auth, shared.raw_secret_bytes(), &info, 32);
        let key = expand(salt, &material, b"Content-Encoding: aes128gcm\0", 16);
        let nonce = expand(salt, &material, b"Content-Encoding: nonce\0", 12);
        let nonce: [u8; 12] = nonce.try_into().expect("twelve bytes");
        let cipher = Aes128Gcm::new_from_slice(&key).expect("a key");
        let plain =
            cipher.decrypt(&Nonce::from(nonce), sealed).expect("a message for this browser");
        let end = plain.iter().rposition(|byte| *byte != 0).expect("a mark");
        assert_eq!(plain.get(end), Some(&2), "the mark of the last record");
        plain.get(..end).expect("a message").to_vec()
    }
}

/// A message that came.
#[derive(Clone, Debug)]
pub(crate) struct Given {
    pub(crate) body: Vec<u8>,
    pub(crate) ttl: String,
    pub(crate) urgency: String,
    pub(crate) topic: Option<String>,
    /// The signed token.
    pub(crate) token: String,
    /// The key that it is signed with.
    pub(crate) key: String,
    /// What a real service would refuse it for.
    pub(crate) complaints: Vec<String>,
}

#[derive(Clone, Debug)]
pub(crate) struct Service {
    pub(crate) origin: String,
    given: Arc<Mutex<Vec<Given>>>,
}

impl Service {
    pub(crate) async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let origin = format!("http://{}", listener.local_addr().expect("an address"));
        let service = Self { origin, given: Arc::default() };
        let routes = Router::new().route(PATH, post(take)).with_state(service.clone());
        tokio::spawn(async move { axum::serve(listener, routes).await });
        service
    }

    pub(crate) fn subscription(&self) -> Subscription {
        browser().subscription(&format!("{}{PATH}", self.origin))
    }

    pub(crate) fn given(&self) -> Vec<Given> {
        self.given.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

async fn take(State(service): State<Service>, headers: HeaderMap, body: Bytes) -> Response {
    let text =
        |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let mut complaints = Vec::new();
    let mut wants = |holds: bool, what: &str| {
        if !holds {
            complaints.push(what.to_owned());
        }
    };
    let (ttl, urgency, topic) = (text("ttl"), text("urgency"), text("topic"));
    wants(ttl.as_ref().is_some_and(|ttl| ttl.parse::<u32>().is_ok()), "TTL is required");
    let words = ["very-low", "low", "normal", "high"];
    wants(urgency.as_ref().is_none_or(|word| words.contains(&word.as_str())), "an urgency");
    let is_base64 = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    let good = |topic: &String| (1..=32).contains(&topic.len()) && topic.chars().all(is_base64);
    wants(topic.as_ref().is_none_or(good), "a topic of at most 32 characters of base64url");
    wants(text("content-encoding").as_deref() == Some("aes128gcm"), "Content-Encoding");
    wants(body.len() <= 4_096, "no more than 4,096 bytes");
    let authorization = text("authorization").unwrap_or_default();
    let (token, key) = parts(&authorization);
    let signed = verified(&token, &key, &service.origin);
    wants(signed.is_ok(), signed.as_ref().err().map_or("", String::as_str));
    let is_good = complaints.is_empty();
    let given = Given {
        body: body.to_vec(),
        ttl: ttl.unwrap_or_default(),
        urgency: urgency.unwrap_or_default(),
        topic,
        token,
        key,
        complaints,
    };
    service.given.lock().unwrap_or_else(PoisonError::into_inner).push(given);
    match (is_good, signed) {
        (_, Err(why)) => (StatusCode::FORBIDDEN, why).into_response(),
        (false, Ok(())) => StatusCode::BAD_REQUEST.into_response(),
        (true, Ok(())) => {
            (StatusCode::CREATED, [("location", "/message/1"), ("ttl", "600")]).into_response()
        }
    }
}

/// The token and the key of `vapid t=…, k=…` (RFC 8292, section 3).
fn parts(authorization: &str) -> (String, String) {
    let pairs = authorization.strip_prefix("vapid ").unwrap_or_default();
    let of = |name: &str| {
        let mut found =
            pairs.split(", ").filter_map(|pair| pair.strip_prefix(name)?.strip_prefix('='));
        found.next().unwrap_or_default().to_owned()
    };
    (of("t"), of("k"))
}

/// Checks a signature as a service does (RFC 8292, section 4.2; RFC 7515, section 5.2).
fn verified(token: &str, key: &str, origin: &str) -> Result<(), String> {
    let decode = |text: &str| BASE64.decode(text).map_err(|error| error.to_string());
    let (signed, signature) = token.rsplit_once('.').ok_or("no token")?;
    let (head, claims) = signed.split_once('.').ok_or("no claims")?;
    let key = VerifyingKey::from_sec1_bytes(&decode(key)?).map_err(|error| error.to_string())?;
    let signature =
        Signature::from_slice(&decode(signature)?).map_err(|error| error.to_string())?;
    key.verify(signed.as_bytes(), &signature).map_err(|error| error.to_string())?;
    let read = |text: &str| -> Result<Value, String> {
        serde_json::from_slice(&decode(text)?).map_err(|error| error.to_string())
    };
    let (head, claims) = (read(head)?, read(claims)?);
    if head["alg"] != "ES256" || claims["aud"] != origin {
        return Err(format!("for another: {head} {claims}"));
    }
    let left = claims["exp"].as_i64().ok_or("no end")? - Timestamp::now().as_second();
    if !(1..=86_400).contains(&left) {
        return Err(format!("it ends in {left} seconds"));
    }
    let contact = claims["sub"].as_str().unwrap_or_default();
    let is_contact = contact.starts_with("mailto:") || contact.starts_with("https:");
    if is_contact { Ok(()) } else { Err("no contact".to_owned()) }
}
