//! HTTP endpoints that read their configuration again when they are asked to, such as Prometheus and Alertmanager.
//!
//! An empty `POST` asks; a status of 2xx says that the new configuration is in force, anything else brings the server's
//! own words into the fault. Where an address says whether the server works (`/-/ready`), it is asked afterwards: a
//! server that took a configuration and cannot live with it is no success. An answer that repeats the token, as careless
//! servers do, is held back.
//!
//! Absent on purpose: retries of the request. The executor has them, and a reload may be asked for as often as one likes.

use std::time::Duration;

use plan::{Fault, FaultKind};
use reqwest::RequestBuilder;
use secrecy::{ExposeSecret as _, SecretString};

use super::reload::shown;
use crate::redact::Redactor;

/// Most bytes of an answer that are read (64 KiB): an answer only explains a status.
const MAX_ANSWER: usize = 64 << 10;

/// How often, and how far apart, a server is asked whether it works: Prometheus with a long write-ahead log takes seconds.
const READY_TRIES: u32 = 20;
const READY_PAUSE: Duration = Duration::from_millis(500);

/// How a server is asked to read its configuration again.
#[derive(Debug, Clone)]
pub struct HttpReload {
    /// Where to `POST`: `http://localhost:9090/-/reload`.
    pub url: String,
    /// Where to ask whether it works: `http://localhost:9090/-/ready`.
    pub ready: Option<String>,
    /// The token to send, if the server wants one.
    pub bearer: Option<SecretString>,
    /// With what.
    pub client: reqwest::Client,
}

impl HttpReload {
    pub(crate) async fn carry_out(&self) -> Result<(), Fault> {
        self.ask(&self.url, self.client.post(&self.url)).await?;
        let Some(ready) = &self.ready else { return Ok(()) };
        let mut last = self.ask(ready, self.client.get(ready)).await;
        for _ in 1..READY_TRIES {
            if last.is_ok() {
                break;
            }
            tokio::time::sleep(READY_PAUSE).await;
            last = self.ask(ready, self.client.get(ready)).await;
        }
        last
    }

    /// Sends a request; every status but 2xx is a fault with the server's words.
    async fn ask(&self, url: &str, request: RequestBuilder) -> Result<(), Fault> {
        let request = match &self.bearer {
            Some(token) => request.bearer_auth(token.expose_secret()),
            None => request,
        };
        let mut answer = request.send().await.map_err(|error| unreachable(url, &error))?;
        let status = answer.status();
        if status.is_success() {
            return Ok(());
        }
        let mut said = Vec::new();
        while let Ok(Some(chunk)) = answer.chunk().await {
            said.extend_from_slice(&chunk);
            if said.len() > MAX_ANSWER {
                break;
            }
        }
        let said = self
            .bearer
            .iter()
            .fold(Redactor::default(), |redactor, token| redactor.hiding(token.clone()))
            .message(&String::from_utf8_lossy(&said));
        let said = shown(&said);
        Err(Fault::new(FaultKind::Failed, format!("{url} answered {status}: {said}")))
    }
}

/// What a failed request is: not reached, or reached and not answered.
fn unreachable(url: &str, error: &reqwest::Error) -> Fault {
    let kind = if error.is_timeout() {
        FaultKind::Timeout
    } else if error.is_connect() {
        FaultKind::Unreachable
    } else {
        FaultKind::Failed
    };
    // The innermost cause says what a person can act on: connection refused, no such host.
    let mut cause: &dyn std::error::Error = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    Fault::new(kind, format!("{url}: {cause}"))
}
