//! Vault and OpenBao, as an emulator that refuses every request that the real ones would refuse.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::{Value, json};
use systems::secrets::vault::{Vault, VaultError};

const TOKEN: &str = "canary-token";

/// The key-value store: versions by path.
type Store = Arc<Mutex<BTreeMap<String, Vec<Value>>>>;

/// Starts the emulator on a port of its own and returns its address.
async fn start() -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let app = Router::new().fallback(answer).with_state(Store::default());
    tokio::spawn(async move { axum::serve(listener, app).await });
    address
}

type Answer = (StatusCode, String);

fn yes(data: &Value) -> Answer {
    let envelope = json!({
        "request_id": "0", "lease_id": "", "renewable": false, "lease_duration": 0,
        "data": data, "warnings": null, "auth": null,
    });
    (StatusCode::OK, envelope.to_string())
}

fn no(status: StatusCode, errors: &[&str]) -> Answer {
    (status, json!({ "errors": errors }).to_string())
}

async fn answer(
    State(store): State<Store>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Answer {
    let path = uri.path();
    let body: Value = serde_json::from_slice(&body).unwrap_or(Value::Null);
    if method == Method::POST
        && headers.get("content-type").is_none_or(|sort| sort != "application/json")
    {
        return no(StatusCode::BAD_REQUEST, &["failed to parse JSON input"]);
    }
    if path == "/v1/auth/approle/login" {
        let good = body == json!({ "role_id": "council", "secret_id": "canary-secret-id" });
        if !good {
            return no(StatusCode::BAD_REQUEST, &["invalid role or secret ID"]);
        }
        let auth = json!({ "client_token": TOKEN, "lease_duration": 3600, "renewable": true });
        return (StatusCode::OK, json!({ "data": null, "auth": auth }).to_string());
    }
    if headers.get("x-vault-token").is_none_or(|token| token != TOKEN) {
        return no(StatusCode::FORBIDDEN, &["permission denied"]);
    }
    match path {
        "/v1/kv/data/sealed" => return no(StatusCode::SERVICE_UNAVAILABLE, &["Vault is sealed"]),
        "/v1/kv/data/garbage" => return (StatusCode::OK, "<html>canary</html>".to_owned()),
        "/v1/kv/data/huge" => return (StatusCode::OK, "x".repeat(5 * 1024 * 1024)),
        "/v1/kv/data/odd" => return yes(&json!({ "data": "canary", "metadata": {} })),
        _ => {}
    }
    if let Some(path) = path.strip_prefix("/v1/kv/data/") {
        return key_value(&store, &method, path, &body);
    }
    if let Some(path) = path.strip_prefix("/v1/kv/metadata/") {
        return metadata(&store, path);
    }
    transit(path, &body)
}

fn key_value(store: &Store, method: &Method, path: &str, body: &Value) -> Answer {
    let mut store = store.lock().unwrap();
    let versions = store.entry(path.to_owned()).or_default();
    if method == Method::GET {
        let Some(current) = versions.last() else { return no(StatusCode::NOT_FOUND, &[]) };
        return yes(&json!({ "data": current, "metadata": version(versions.len()) }));
    }
    let Some(data) = body["data"].as_object() else {
        return no(StatusCode::BAD_REQUEST, &["no data provided"]);
    };
    let current = u64::try_from(versions.len()).unwrap();
    if body["options"]["cas"].as_u64() != Some(current) {
        let said = "check-and-set parameter did not match the current version";
        return no(StatusCode::BAD_REQUEST, &[said]);
    }
    versions.push(Value::Object(data.clone()));
    yes(&version(versions.len()))
}

fn version(number: usize) -> Value {
    json!({
        "created_time": format!("2026-0{number}-01T10:00:00.123456789Z"), "custom_metadata": null,
        "deletion_time": "", "destroyed": false, "version": number,
    })
}

fn metadata(store: &Store, path: &str) -> Answer {
    let store = store.lock().unwrap();
    let Some(versions) = store.get(path).filter(|versions| !versions.is_empty()) else {
        return no(StatusCode::NOT_FOUND, &[]);
    };
    let listed: BTreeMap<String, Value> =
        (1..=versions.len()).map(|number| (number.to_string(), version(number))).collect();
    yes(&json!({ "current_version": versions.len(), "versions": listed, "cas_required": false }))
}

/// A key that seals by spelling backwards: enough to see that both directions are asked for as they must be.
fn transit(path: &str, body: &Value) -> Answer {
    let text = |field: &str| body[field].as_str().unwrap_or_default().to_owned();
    let backwards = |text: &str| text.chars().rev().collect::<String>();
    match path {
        "/v1/transit/encrypt/council" if !text("plaintext").is_empty() => {
            let sealed = format!("vault:v1:{}", backwards(&text("plaintext")));
            yes(&json!({ "ciphertext": sealed, "key_version": 1 }))
        }
        "/v1/transit/decrypt/council" => match text("ciphertext").strip_prefix("vault:v1:") {
            Some(sealed) => yes(&json!({ "plaintext": backwards(sealed) })),
            None => no(StatusCode::BAD_REQUEST, &["invalid ciphertext: no prefix"]),
        },
        _ => no(StatusCode::NOT_FOUND, &["no handler for route"]),
    }
}

fn client() -> reqwest::Client {
    // A second test of the same process finds it installed already.
    drop(rustls::crypto::ring::default_provider().install_default());
    reqwest::Client::new()
}

fn fields(all: &[(&str, &str)]) -> BTreeMap<String, SecretString> {
    all.iter().map(|(field, value)| ((*field).to_owned(), SecretString::from(*value))).collect()
}

#[tokio::test]
async fn a_secret_is_written_read_and_dated() {
    let vault = Vault::new(client(), &start().await, TOKEN.into());
    let place = ("kv", "checkout/orders-db");
    let missing = vault.read(place.0, place.1).await.unwrap_err();
    assert!(matches!(missing, VaultError::NotFound(_)), "{missing}");
    assert_eq!(vault.write(place, &fields(&[("password", "canary-1")]), 0).await.unwrap(), 1);
    let late = vault.write(place, &fields(&[("password", "canary-2")]), 0).await.unwrap_err();
    assert!(matches!(late, VaultError::Conflict(_)), "{late}");
    assert_eq!(vault.write(place, &fields(&[("password", "canary-2")]), 1).await.unwrap(), 2);
    let found = vault.read(place.0, place.1).await.unwrap();
    assert_eq!(found.fields["password"].expose_secret(), "canary-2");
    assert_eq!(found.version, 2);
    let metadata = vault.metadata(place.0, place.1).await.unwrap();
    assert_eq!((metadata.version, metadata.rotated), (2, found.written));
    assert_eq!(metadata.rotated.strftime("%Y-%m-%d").to_string(), "2026-02-01");
    assert!(!format!("{found:?} {vault:?}").contains("canary"), "{found:?} {vault:?}");
}

#[tokio::test]
async fn transit_seals_and_opens() {
    let vault = Vault::new(client(), &start().await, TOKEN.into());
    let sealed = vault.encrypt(("transit", "council"), &"canary".into()).await.unwrap();
    assert!(sealed.starts_with("vault:v1:"), "{sealed}");
    let opened = vault.decrypt(("transit", "council"), &sealed).await.unwrap();
    assert_eq!(opened.expose_secret(), "canary");
    let refused = vault.decrypt(("transit", "council"), "nonsense").await.unwrap_err();
    assert_eq!(
        refused.to_string(),
        "Vault refuses `transit/decrypt/council` (400): invalid ciphertext: no prefix"
    );
}

#[tokio::test]
async fn a_role_signs_in() {
    let address = start().await;
    let secret = SecretString::from("canary-secret-id");
    let vault = Vault::sign_in(client(), &address, "council", &secret).await.unwrap();
    assert_eq!(vault.write(("kv", "a"), &fields(&[("x", "y")]), 0).await.unwrap(), 1);
    let refused = Vault::sign_in(client(), &address, "council", &"canary-other".into()).await;
    let refused = refused.unwrap_err().to_string();
    assert!(refused.contains("invalid role or secret ID") && !refused.contains("canary"));
}

#[tokio::test]
async fn every_no_is_told_apart_and_holds_no_value() {
    let address = start().await;
    let vault = Vault::new(client(), &address, TOKEN.into());
    let stranger = Vault::new(client(), &address, "canary-wrong".into());
    let told = [
        (stranger.read("kv", "a").await.unwrap_err(), "denies"),
        (vault.read("kv", "sealed").await.unwrap_err(), "is sealed"),
        (vault.read("kv", "garbage").await.unwrap_err(), "of another shape"),
        (vault.read("kv", "odd").await.unwrap_err(), "of another shape"),
        (vault.read("kv", "huge").await.unwrap_err(), "more than 4194304 bytes"),
        (vault.metadata("other", "x").await.unwrap_err(), "nothing at"),
    ];
    for (error, expected) in told {
        let text = format!("{error} {error:?}");
        assert!(text.contains(expected) && !text.contains("canary"), "{text}");
    }
    let nobody = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", nobody.local_addr().unwrap());
    drop(nobody);
    let error = Vault::new(client(), &address, TOKEN.into()).read("kv", "a").await.unwrap_err();
    assert!(matches!(error, VaultError::Unreachable { .. }), "{error}");
}
