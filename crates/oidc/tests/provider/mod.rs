//! A small OpenID Connect provider on loopback that says what a test wants, true or not.
//!
//! It lets everybody in at once as `ana`, checks PKCE and the client's secret as a good one does, and signs with
//! Ed25519. What it says can be bent: claims, header, key.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use axum::extract::{Form, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ed25519_dalek::{Signer as _, SigningKey};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

/// As what council is registered.
pub(crate) const CLIENT: &str = "council";
/// Its secret there.
pub(crate) const SECRET: &str = "canary-of-the-client-5d1e";

/// Bends a token: its header and its claims.
pub(crate) type Bend = Box<dyn FnMut(&mut Value, &mut Value) + Send>;

/// The provider.
#[derive(Clone)]
pub(crate) struct TestProvider {
    pub(crate) issuer: String,
    inner: Arc<Inner>,
}

struct Inner {
    now: i64,
    key: Mutex<(String, SigningKey)>,
    /// The key that is published; another one than signs, for a moment of rotation.
    published: Mutex<Vec<(String, SigningKey)>>,
    codes: Mutex<BTreeMap<String, (String, String)>>,
    bend: Mutex<Bend>,
    keys_asked: AtomicUsize,
}

impl TestProvider {
    /// Starts one whose tokens are issued at a moment, in seconds since 1970.
    pub(crate) async fn start(now: i64) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let issuer = format!("http://{}", listener.local_addr().expect("an address"));
        let key = ("first".to_owned(), SigningKey::from_bytes(&[7; 32]));
        let inner = Inner {
            now,
            key: Mutex::new(key.clone()),
            published: Mutex::new(vec![key]),
            codes: Mutex::default(),
            bend: Mutex::new(Box::new(|_, _| {})),
            keys_asked: AtomicUsize::new(0),
        };
        let provider = Self { issuer, inner: Arc::new(inner) };
        let router = Router::new()
            .route("/.well-known/openid-configuration", get(discovery))
            .route("/keys", get(keys))
            .route("/authorize", get(authorize))
            .route("/token", post(token))
            .with_state(provider.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        provider
    }

    /// Bends every token from now on.
    pub(crate) fn bend(&self, bend: impl FnMut(&mut Value, &mut Value) + Send + 'static) {
        *self.inner.bend.lock().expect("a lock") = Box::new(bend);
    }

    /// Signs with a new key from now on, and publishes it.
    pub(crate) fn rotate(&self, name: &str) {
        let key = self.sign_with(name);
        *self.inner.published.lock().expect("a lock") = vec![key];
    }

    /// Signs with a key that it does not publish.
    pub(crate) fn sign_with(&self, name: &str) -> (String, SigningKey) {
        let seed: [u8; 32] = Sha256::digest(name.as_bytes()).into();
        let key = (name.to_owned(), SigningKey::from_bytes(&seed));
        *self.inner.key.lock().expect("a lock") = key.clone();
        key
    }

    /// How often its keys were asked for.
    pub(crate) fn keys_asked(&self) -> usize {
        self.inner.keys_asked.load(Ordering::SeqCst)
    }

    /// A token with these claims beside the usual ones.
    pub(crate) fn token(&self, claims: &Value) -> String {
        let (name, key) = self.inner.key.lock().expect("a lock").clone();
        let mut header = json!({"alg": "EdDSA", "typ": "JWT", "kid": name});
        let mut said = json!({
            "iss": self.issuer, "aud": CLIENT, "sub": "1", "iat": self.inner.now,
            "exp": self.inner.now + 300, "email": "ana@example.org", "email_verified": true,
        });
        for (name, value) in claims.as_object().expect("an object") {
            said[name] = value.clone();
        }
        (self.inner.bend.lock().expect("a lock"))(&mut header, &mut said);
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let text = format!("{}.{}", part(&header), part(&said));
        let signature = match header["alg"].as_str() {
            Some("none") => String::new(),
            _ => URL_SAFE_NO_PAD.encode(key.sign(text.as_bytes()).to_bytes()),
        };
        format!("{text}.{signature}")
    }
}

async fn discovery(State(provider): State<TestProvider>) -> Json<Value> {
    let issuer = &provider.issuer;
    Json(json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/authorize"),
        "token_endpoint": format!("{issuer}/token"),
        "jwks_uri": format!("{issuer}/keys"),
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["EdDSA", "none", "HS256"],
    }))
}

async fn keys(State(provider): State<TestProvider>) -> Json<Value> {
    provider.inner.keys_asked.fetch_add(1, Ordering::SeqCst);
    let published = provider.inner.published.lock().expect("a lock");
    let keys: Vec<Value> = published
        .iter()
        .map(|(name, key)| {
            let public = URL_SAFE_NO_PAD.encode(key.verifying_key().to_bytes());
            json!({"kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": "EdDSA", "kid": name, "x": public})
        })
        .collect();
    Json(json!({ "keys": keys }))
}

async fn authorize(
    State(provider): State<TestProvider>,
    Query(asked): Query<BTreeMap<String, String>>,
) -> Response {
    let asked_for = |name: &str| asked.get(name).cloned().unwrap_or_default();
    if asked_for("client_id") != CLIENT || asked_for("code_challenge_method") != "S256" {
        return StatusCode::BAD_REQUEST.into_response();
    }
    let mut codes = provider.inner.codes.lock().expect("a lock");
    let code = format!("code-{}", codes.len());
    codes.insert(code.clone(), (asked_for("nonce"), asked_for("code_challenge")));
    let (redirect, state) = (asked_for("redirect_uri"), asked_for("state"));
    Redirect::to(&format!("{redirect}?code={code}&state={state}")).into_response()
}

async fn token(
    State(provider): State<TestProvider>,
    headers: HeaderMap,
    Form(sent): Form<BTreeMap<String, String>>,
) -> Response {
    let basic = format!("Basic {}", STANDARD.encode(format!("{CLIENT}:{SECRET}")));
    let authorized = headers.get("authorization").is_some_and(|value| value == basic.as_str());
    let mut codes = provider.inner.codes.lock().expect("a lock");
    let known = sent.get("code").and_then(|code| codes.remove(code));
    let verifier = sent.get("code_verifier").cloned().unwrap_or_default();
    let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes()));
    match known {
        Some((nonce, wanted)) if authorized && challenge == wanted => {
            let id_token = provider.token(&json!({ "nonce": nonce }));
            Json(json!({"access_token": "x", "token_type": "Bearer", "id_token": id_token}))
                .into_response()
        }
        Some(_) | None => {
            (StatusCode::BAD_REQUEST, Json(json!({"error": "invalid_grant"}))).into_response()
        }
    }
}
