//! Vault and OpenBao, as an emulator that answers as the real ones do and refuses what they refuse.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use jiff::Timestamp;
use serde_json::{Value, json};

use super::suite::Place;

const TOKEN: &str = "canary-token";

/// May read metadata, and no value.
const LIMITED: &str = "canary-limited";

#[derive(Default)]
struct Store {
    /// Secrets by namespace and path.
    secrets: BTreeMap<(String, String), Vec<Version>>,
    /// How often the key of transit was rotated.
    rotations: u64,
    requests: Vec<String>,
}

struct Version {
    data: Value,
    created: Timestamp,
    deleted: Option<Timestamp>,
    destroyed: bool,
}

/// A running emulator.
#[derive(Clone)]
pub(super) struct Emulator {
    pub(super) address: String,
    store: Arc<Mutex<Store>>,
}

impl Emulator {
    /// Starts it on a port of its own.
    pub(super) async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let emulator = Self { address, store: Arc::default() };
        let app = Router::new().fallback(answer).with_state(emulator.clone());
        tokio::spawn(async move { axum::serve(listener, app).await });
        emulator
    }

    /// What the demands are made of.
    pub(super) fn place(&self) -> Place {
        Place {
            address: self.address.clone(),
            token: TOKEN.into(),
            limited: LIMITED.into(),
            expired: "canary-expired".into(),
            role: ("council".to_owned(), "canary-secret-id".into()),
            kv: "kv".to_owned(),
            transit: "transit".to_owned(),
            namespace: Some("team".to_owned()),
        }
    }

    /// The paths that were asked for.
    pub(super) fn requests(&self) -> Vec<String> {
        self.store.lock().unwrap().requests.clone()
    }
}

type Answer = (StatusCode, String);

fn envelope(status: StatusCode, data: &Value) -> Answer {
    let envelope = json!({
        "request_id": "0", "lease_id": "", "renewable": false, "lease_duration": 0,
        "data": data, "wrap_info": null, "warnings": null, "auth": null,
    });
    (status, envelope.to_string())
}

fn yes(data: &Value) -> Answer {
    envelope(StatusCode::OK, data)
}

fn no(status: StatusCode, errors: &[&str]) -> Answer {
    (status, json!({ "errors": errors }).to_string())
}

const DONE: (StatusCode, String) = (StatusCode::NO_CONTENT, String::new());

async fn answer(
    State(emulator): State<Emulator>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Answer {
    let path = uri.path();
    let mut store = emulator.store.lock().unwrap();
    store.requests.push(path.to_owned());
    let body: Value = serde_json::from_slice(&body).unwrap_or(Value::Null);
    let header = |name: &str| headers.get(name).and_then(|it| it.to_str().ok()).unwrap_or_default();
    if method == Method::POST && header("content-type") != "application/json" {
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
    let may_read = path.starts_with("/v1/kv/metadata/") && method == Method::GET;
    match header("x-vault-token") {
        TOKEN => {}
        LIMITED if may_read => {}
        _ => return no(StatusCode::FORBIDDEN, &["permission denied"]),
    }
    match path {
        "/v1/kv/data/sealed" => return no(StatusCode::SERVICE_UNAVAILABLE, &["Vault is sealed"]),
        "/v1/kv/data/garbage" => return (StatusCode::OK, "<html>canary</html>".to_owned()),
        "/v1/kv/data/huge" => return (StatusCode::OK, "x".repeat(5 * 1024 * 1024)),
        "/v1/kv/data/odd" => return yes(&json!({ "data": "canary", "metadata": {} })),
        _ => {}
    }
    let Some(rest) = path.strip_prefix("/v1/kv/") else {
        return transit(&mut store, path, &body);
    };
    let (part, name) = rest.split_once('/').unwrap_or((rest, ""));
    let key = (header("x-vault-namespace").to_owned(), name.to_owned());
    key_value(&mut store, (method.as_str(), part), key, &body)
}

fn key_value(
    store: &mut Store,
    (method, part): (&str, &str),
    key: (String, String),
    body: &Value,
) -> Answer {
    let missing = || no(StatusCode::NOT_FOUND, &[]);
    match (method, part) {
        ("GET", "data") => {
            let Some(versions) = store.secrets.get(&key) else { return missing() };
            let Some(current) = versions.last() else { return missing() };
            let is_there = current.deleted.is_none() && !current.destroyed;
            let status = if is_there { StatusCode::OK } else { StatusCode::NOT_FOUND };
            let data = if is_there { current.data.clone() } else { Value::Null };
            envelope(
                status,
                &json!({ "data": data, "metadata": current.described(versions.len()) }),
            )
        }
        ("POST", "data") => write(store.secrets.entry(key).or_default(), body),
        ("DELETE", "data") => {
            let current = store.secrets.get_mut(&key).and_then(|all| all.last_mut());
            if let Some(current) = current {
                current.deleted = Some(Timestamp::now());
            }
            DONE
        }
        ("POST", "destroy") => {
            for (number, version) in store.secrets.entry(key).or_default().iter_mut().enumerate() {
                let numbers = body["versions"].as_array().unwrap();
                version.destroyed |= numbers.contains(&json!(number + 1));
            }
            DONE
        }
        ("POST", "metadata") => {
            store.secrets.entry(key).or_default();
            DONE
        }
        ("GET", "metadata") => store.secrets.get(&key).map_or_else(missing, |all| history(all)),
        _ => no(StatusCode::METHOD_NOT_ALLOWED, &["unsupported operation"]),
    }
}

fn write(versions: &mut Vec<Version>, body: &Value) -> Answer {
    let Some(data) = body["data"].as_object() else {
        return no(StatusCode::BAD_REQUEST, &["no data provided"]);
    };
    let current = u64::try_from(versions.len()).unwrap();
    let wanted = &body["options"]["cas"];
    if !wanted.is_null() && wanted.as_u64() != Some(current) {
        let said = "check-and-set parameter did not match the current version";
        return no(StatusCode::BAD_REQUEST, &[said]);
    }
    let data = Value::Object(data.clone());
    let version = Version { data, created: Timestamp::now(), deleted: None, destroyed: false };
    let described = version.described(versions.len() + 1);
    versions.push(version);
    yes(&described)
}

impl Version {
    fn described(&self, number: usize) -> Value {
        let deleted = self.deleted.map_or_else(String::new, |at| at.to_string());
        json!({
            "created_time": self.created.to_string(), "custom_metadata": null,
            "deletion_time": deleted, "destroyed": self.destroyed, "version": number,
        })
    }
}

fn history(versions: &[Version]) -> Answer {
    let listed: BTreeMap<String, Value> = versions
        .iter()
        .enumerate()
        .map(|(at, version)| ((at + 1).to_string(), version.described(at + 1)))
        .collect();
    yes(&json!({
        "current_version": versions.len(), "versions": listed, "cas_required": false,
        "custom_metadata": null, "delete_version_after": "0s", "max_versions": 0,
    }))
}

/// A key that seals by spelling backwards: enough to see that both directions are asked for as they must be.
fn transit(store: &mut Store, path: &str, body: &Value) -> Answer {
    let refused = |said: &str| no(StatusCode::BAD_REQUEST, &[said]);
    let text = |field: &str| body[field].as_str().map(str::to_owned);
    let backwards = |text: &str| text.chars().rev().collect::<String>();
    match path {
        "/v1/transit/keys/council/rotate" => {
            store.rotations += 1;
            DONE
        }
        "/v1/transit/encrypt/council" => {
            let Some(plain) = text("plaintext") else {
                return refused("missing plaintext to encrypt");
            };
            let version = store.rotations + 1;
            let sealed = format!("vault:v{version}:{}", backwards(&plain));
            yes(&json!({ "ciphertext": sealed, "key_version": version }))
        }
        "/v1/transit/decrypt/council" => {
            let sealed = text("ciphertext").unwrap_or_default();
            let Some(rest) = sealed.strip_prefix("vault:v") else {
                return refused("invalid ciphertext: no prefix");
            };
            match rest.split_once(':') {
                Some((_, sealed)) => yes(&json!({ "plaintext": backwards(sealed) })),
                None => refused("invalid ciphertext: wrong number of fields"),
            }
        }
        path if path.starts_with("/v1/transit/decrypt/") => refused("encryption key not found"),
        _ => no(StatusCode::NOT_FOUND, &["no handler for route"]),
    }
}
