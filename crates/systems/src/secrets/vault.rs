//! HashiCorp Vault and OpenBao: the key-value store, version 2, and transit, over their HTTP API.
//!
//! Both speak the same protocol; what is used here is the same in every version since Vault 1.0 and OpenBao 2.0.
//! Requests carry `X-Vault-Token`, and `X-Vault-Namespace` where one is set; failures are `{"errors": […]}`.
//!
//! Invariants: values are handed out as secrets and wiped; an error holds what Vault said and no value; an answer is
//! read up to a limit. The buffers of the HTTP library itself are not wiped, which it does not offer.
//!
//! Absent on purpose: tokens of other ways to sign in than a token and AppRole, and everything that changes Vault's own
//! settings.

mod answer;

use std::collections::BTreeMap;
use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use reqwest::{Client, Method};
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use serde_json::{Value, json};
use zeroize::{Zeroize as _, Zeroizing};

/// A connection to one server.
#[derive(Clone)]
pub struct Vault {
    http: Client,
    address: String,
    token: SecretString,
    namespace: Option<String>,
}

/// A secret as it was read: its fields, and which version they are.
pub struct Found {
    /// The values by field.
    pub fields: BTreeMap<String, SecretString>,
    /// The version.
    pub version: u64,
    /// When the version was written.
    pub written: Timestamp,
}

/// What is known about a secret without reading it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Metadata {
    /// The current version.
    pub version: u64,
    /// When the current version was written: when the secret was rotated last.
    pub rotated: Timestamp,
}

/// Vault could not be used, or said no. No message holds a value.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// It could not be reached.
    #[error("Vault at `{address}` cannot be reached; check the address and that it runs")]
    Unreachable {
        /// Where.
        address: String,
        /// Why.
        #[source]
        source: reqwest::Error,
    },
    /// It is sealed or not set up.
    #[error("Vault at `{0}` is sealed or not yet set up; unseal it first")]
    Sealed(String),
    /// The token is not good for it.
    #[error(
        "Vault denies `{what}` to this token ({said}); ask for a policy that allows it, or sign in again"
    )]
    Denied {
        /// What was asked for.
        what: String,
        /// What Vault said.
        said: String,
    },
    /// There is no such secret, or its current version was deleted.
    #[error("Vault has nothing at `{0}`, or its current version was deleted")]
    NotFound(String),
    /// That is no name within a mount: as an address it would lead somewhere else.
    #[error(
        "`{0}` is no path in Vault: it needs names between its slashes, and none may be `.` or `..`"
    )]
    NoPath(String),
    /// Somebody else wrote first.
    #[error("`{0}` was changed by somebody else meanwhile; read it again")]
    Conflict(String),
    /// It refused for another reason.
    #[error("Vault refuses `{what}` ({status}): {said}")]
    Refused {
        /// What was asked for.
        what: String,
        /// The HTTP status.
        status: u16,
        /// What Vault said.
        said: String,
    },
    /// It answered what nobody understands.
    #[error("Vault answered `{what}` with {problem}; is the address that of Vault or OpenBao?")]
    Garbage {
        /// What was asked for.
        what: String,
        /// What is wrong with the answer.
        problem: String,
    },
}

#[derive(Deserialize)]
struct Data {
    data: Option<BTreeMap<String, Value>>,
    metadata: VersionInfo,
}

#[derive(Deserialize)]
struct VersionInfo {
    created_time: Timestamp,
    version: u64,
}

#[derive(Deserialize)]
struct History {
    current_version: u64,
    versions: BTreeMap<String, Written>,
}

#[derive(Deserialize)]
struct Written {
    created_time: Timestamp,
    /// Empty, or when it was or will be deleted.
    #[serde(default)]
    deletion_time: String,
    #[serde(default)]
    destroyed: bool,
}

impl Written {
    /// Says whether nobody can read it any more. A time in the future is a promise of `delete_version_after`.
    fn is_gone(&self, now: Timestamp) -> bool {
        let deleted = self.deletion_time.parse::<Timestamp>();
        self.destroyed || deleted.is_ok_and(|at| at <= now)
    }
}

impl Vault {
    /// Makes a connection with a token. Nothing is sent yet.
    #[must_use]
    pub fn new(http: Client, address: &str, token: SecretString) -> Self {
        let address = address.trim_end_matches('/').to_owned();
        Self { http, address, token, namespace: None }
    }

    /// Uses a namespace.
    #[must_use]
    pub fn in_namespace(mut self, namespace: impl Into<String>) -> Self {
        self.namespace = Some(namespace.into());
        self
    }

    /// Signs in by AppRole and makes a connection with the token that comes of it.
    ///
    /// # Errors
    /// When Vault does not take the role and secret.
    pub async fn sign_in(
        http: Client,
        address: &str,
        role: &str,
        secret: &SecretString,
    ) -> Result<Self, VaultError> {
        #[derive(Deserialize)]
        struct SignedIn {
            client_token: String,
        }
        let mut vault = Self::new(http, address, SecretString::default());
        let body = json!({ "role_id": role, "secret_id": secret.expose_secret() });
        let answer = vault.ask(Method::POST, "auth/approle/login", Some(body)).await?;
        let signed_in: SignedIn = answer.auth()?;
        vault.token = signed_in.client_token.into();
        Ok(vault)
    }

    /// Reads the current version of a secret.
    ///
    /// # Errors
    /// [`VaultError`].
    pub async fn read(&self, mount: &str, path: &str) -> Result<Found, VaultError> {
        let what = address(mount, "data", path)?;
        let data: Data = self.ask(Method::GET, &what, None).await?.data()?;
        let Some(values) = data.data else { return Err(VaultError::NotFound(what)) };
        let fields = values.into_iter().map(|(field, value)| (field, secret(value))).collect();
        let VersionInfo { created_time, version } = data.metadata;
        Ok(Found { fields, version, written: created_time })
    }

    /// Asks when a secret was changed last, without reading it.
    ///
    /// # Errors
    /// [`VaultError`].
    pub async fn metadata(&self, mount: &str, path: &str) -> Result<Metadata, VaultError> {
        let what = address(mount, "metadata", path)?;
        let history: History = self.ask(Method::GET, &what, None).await?.data()?;
        let version = history.current_version;
        let Some(current) = history.versions.get(&version.to_string()) else {
            // Notes were made about a secret that nobody has written yet.
            return Err(match version {
                0 => VaultError::NotFound(what),
                _ => VaultError::Garbage {
                    what,
                    problem: format!("a current version {version} that it does not list"),
                },
            });
        };
        if current.is_gone(Timestamp::now()) {
            return Err(VaultError::NotFound(what));
        }
        Ok(Metadata { version, rotated: current.created_time })
    }

    /// Writes a new version of a secret, only if the current one is still `current` (0: there is none), and returns its
    /// number.
    ///
    /// # Errors
    /// [`VaultError::Conflict`] when somebody else was faster, and others.
    pub async fn write(
        &self,
        (mount, path): (&str, &str),
        fields: &BTreeMap<String, SecretString>,
        current: u64,
    ) -> Result<u64, VaultError> {
        #[derive(Deserialize)]
        struct Version {
            version: u64,
        }
        let what = address(mount, "data", path)?;
        let values: BTreeMap<&str, &str> =
            fields.iter().map(|(field, value)| (field.as_str(), value.expose_secret())).collect();
        let body = json!({ "options": { "cas": current }, "data": values });
        let answer = self.ask(Method::POST, &what, Some(body)).await;
        let conflicts = |said: &str| said.contains("check-and-set parameter did not match");
        let answer = answer.map_err(|error| match error {
            VaultError::Refused { what, status: 400, said } if conflicts(&said) => {
                VaultError::Conflict(what)
            }
            other => other,
        })?;
        Ok(answer.data::<Version>()?.version)
    }

    /// Encrypts with a transit key; the answer begins with `vault:v` and may be stored anywhere.
    ///
    /// # Errors
    /// [`VaultError`].
    pub async fn encrypt(
        &self,
        (mount, key): (&str, &str),
        plain: &SecretString,
    ) -> Result<String, VaultError> {
        #[derive(Deserialize)]
        struct Sealed {
            ciphertext: String,
        }
        let what = address(mount, "encrypt", key)?;
        let body = json!({ "plaintext": STANDARD.encode(plain.expose_secret()) });
        Ok(self.ask(Method::POST, &what, Some(body)).await?.data::<Sealed>()?.ciphertext)
    }

    /// Decrypts with a transit key.
    ///
    /// # Errors
    /// [`VaultError`].
    pub async fn decrypt(
        &self,
        (mount, key): (&str, &str),
        sealed: &str,
    ) -> Result<SecretString, VaultError> {
        #[derive(Deserialize)]
        struct Opened {
            plaintext: String,
        }
        let what = address(mount, "decrypt", key)?;
        let body = json!({ "ciphertext": sealed });
        let opened: Opened = self.ask(Method::POST, &what, Some(body)).await?.data()?;
        let base64 = Zeroizing::new(opened.plaintext);
        let text =
            STANDARD.decode(base64.as_bytes()).ok().and_then(|bytes| String::from_utf8(bytes).ok());
        text.map(SecretString::from).ok_or_else(|| VaultError::Garbage {
            what,
            problem: "a plaintext that is no base64 of a text".to_owned(),
        })
    }
}

/// The address of something in a mount, with everything escaped that would change what is asked for.
fn address(mount: &str, part: &str, path: &str) -> Result<String, VaultError> {
    Ok(format!("{}/{part}/{}", segments(mount)?, segments(path)?))
}

/// A path, escaped. Two dots cannot be: whoever reads an address takes them for a way up, escaped or not (WHATWG URL,
/// section 4.4), and a secret's name would lead to everything else that the token may ask for.
fn segments(path: &str) -> Result<String, VaultError> {
    let path = path.trim_matches('/');
    if path.split('/').any(|name| matches!(name, "" | "." | "..")) {
        return Err(VaultError::NoPath(path.to_owned()));
    }
    let keep = |byte: &u8| byte.is_ascii_alphanumeric() || b"-._~/".contains(byte);
    let escape =
        |byte: u8| if keep(&byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") };
    Ok(path.bytes().map(escape).collect())
}

/// A value as a secret: texts as they are, everything else as JSON.
fn secret(value: Value) -> SecretString {
    match value {
        Value::String(text) => text.into(),
        other => {
            let mut text = other.to_string();
            let secret = text.as_str().into();
            text.zeroize();
            secret
        }
    }
}

impl fmt::Debug for Vault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { http: _, address, token: _, namespace } = self;
        formatter
            .debug_struct("Vault")
            .field("address", address)
            .field("namespace", namespace)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Found {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { fields, version, written } = self;
        formatter
            .debug_struct("Found")
            .field("fields", &fields.keys())
            .field("version", version)
            .field("written", written)
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_cannot_ask_for_something_else() {
        let plain = segments("/kv/team a/db?x=1#y/").unwrap();
        assert_eq!(plain, "kv/team%20a/db%3Fx%3D1%23y");
        assert_eq!(segments("a/%2e%2e/..b").unwrap(), "a/%252e%252e/..b");
        for elsewhere in ["a/../sys/seal", "..", "a/..", "./a", "a//b", ""] {
            assert!(matches!(segments(elsewhere), Err(VaultError::NoPath(_))), "{elsewhere}");
        }
    }
}
