//! Asking Vault, and sorting its answers.

use reqwest::{Method, Response, StatusCode};
use secrecy::ExposeSecret as _;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use zeroize::Zeroizing;

use super::{Vault, VaultError};

/// The most that is read of an answer, in bytes. A secret of the key-value store is at most 1 MiB by Vault's own limit on
/// requests of 32 MiB and its storage's on entries; more is something else than Vault.
const MAX_ANSWER: usize = 4 * 1024 * 1024;

/// An answer that says yes.
pub(super) struct Answer {
    what: String,
    body: Zeroizing<Vec<u8>>,
}

#[derive(Deserialize)]
struct Envelope<T> {
    data: Option<T>,
    auth: Option<T>,
}

#[derive(Deserialize)]
struct Failure {
    #[serde(default)]
    errors: Vec<String>,
}

impl Vault {
    /// Sends a request and returns the answer if it says yes.
    pub(super) async fn ask(
        &self,
        method: Method,
        what: &str,
        body: Option<Value>,
    ) -> Result<Answer, VaultError> {
        let mut request = self.http.request(method, format!("{}/v1/{what}", self.address));
        if !self.token.expose_secret().is_empty() {
            request = request.header("X-Vault-Token", self.token.expose_secret());
        }
        if let Some(namespace) = &self.namespace {
            request = request.header("X-Vault-Namespace", namespace);
        }
        if let Some(body) = &body {
            request = request.json(body);
        }
        let unreachable =
            |source| VaultError::Unreachable { address: self.address.clone(), source };
        let mut response = request.send().await.map_err(unreachable)?;
        let status = response.status();
        let body = read(&mut response).await.map_err(unreachable)?;
        let Some(body) = body else {
            let problem = format!("more than {MAX_ANSWER} bytes");
            return Err(VaultError::Garbage { what: what.to_owned(), problem });
        };
        if status.is_success() {
            return Ok(Answer { what: what.to_owned(), body });
        }
        Err(self.failure(what, status, &body))
    }

    fn failure(&self, what: &str, status: StatusCode, body: &[u8]) -> VaultError {
        let what = what.to_owned();
        let Ok(Failure { errors }) = serde_json::from_slice(body) else {
            let problem = format!("HTTP status {status} and no reasons");
            return VaultError::Garbage { what, problem };
        };
        let said = if errors.is_empty() { "no reason given".to_owned() } else { errors.join("; ") };
        match status {
            StatusCode::FORBIDDEN | StatusCode::UNAUTHORIZED => VaultError::Denied { what, said },
            StatusCode::NOT_FOUND => VaultError::NotFound(what),
            StatusCode::SERVICE_UNAVAILABLE | StatusCode::NOT_IMPLEMENTED => {
                VaultError::Sealed(self.address.clone())
            }
            _ => VaultError::Refused { what, status: status.as_u16(), said },
        }
    }
}

/// Reads an answer up to the limit; `None` beyond it.
async fn read(response: &mut Response) -> Result<Option<Zeroizing<Vec<u8>>>, reqwest::Error> {
    let mut body = Zeroizing::new(Vec::new());
    while let Some(chunk) = response.chunk().await? {
        if body.len() + chunk.len() > MAX_ANSWER {
            return Ok(None);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Some(body))
}

impl Answer {
    /// What the answer is about.
    pub(super) fn data<T: DeserializeOwned>(self) -> Result<T, VaultError> {
        self.part(|envelope| envelope.data)
    }

    /// What signing in gave.
    pub(super) fn auth<T: DeserializeOwned>(self) -> Result<T, VaultError> {
        self.part(|envelope| envelope.auth)
    }

    fn part<T: DeserializeOwned>(
        self,
        choose: impl Fn(Envelope<Value>) -> Option<Value>,
    ) -> Result<T, VaultError> {
        let Self { what, body } = self;
        let read = |body: &[u8]| {
            let envelope: Envelope<Value> = serde_json::from_slice(body).ok()?;
            serde_json::from_value(choose(envelope)?).ok()
        };
        // The reader's own message would repeat what it could not read.
        read(&body).ok_or_else(|| VaultError::Garbage {
            what,
            problem: "something of another shape than its documentation says".to_owned(),
        })
    }
}
