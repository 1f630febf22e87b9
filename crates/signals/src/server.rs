//! How a store is asked: by the caller's client, with credentials that nobody sees, and limits on what it answers.

use std::time::Duration;

use reqwest::{Client, RequestBuilder, Url};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::Value;

use crate::text::Scrub;
use crate::{SignalError, Store, json, link};

/// What a store is asked with.
#[derive(Clone, Debug, Default)]
pub enum Credentials {
    /// Nothing.
    #[default]
    None,
    /// A name and a password (RFC 7617). Graylog takes a token as the name, with the password `token`.
    Basic {
        /// The name.
        user: SecretString,
        /// The password.
        password: SecretString,
    },
    /// A token (RFC 6750).
    Bearer(SecretString),
    /// A key of Elasticsearch or of a proxy that takes one: the encoded form that "Create API key" answers with.
    ApiKey(SecretString),
}

/// What an answer may cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Most bytes of one answer.
    pub answer_bytes: usize,
    /// Longest time for one answer.
    pub patience: Duration,
    /// Longest line in bytes; what is longer is cut.
    pub line_bytes: usize,
}

impl Default for Limits {
    /// 16 MiB, as a thousand lines have a third of a megabyte and a hundred traces some; 20 seconds, because somebody waits;
    /// 4 KiB a line, because excerpts are kept forever.
    fn default() -> Self {
        Self { answer_bytes: 16 << 20, patience: Duration::from_secs(20), line_bytes: 4 << 10 }
    }
}

/// Where a store answers, and how it is asked.
#[derive(Clone, Debug)]
pub struct Server {
    store: Store,
    base: Url,
    credentials: Credentials,
    tenant: Option<String>,
    limits: Limits,
    client: Client,
}

impl Server {
    /// Names a server by its base address, such as `https://loki.example.org`, with whatever path is before the paths of its
    /// API. The client should follow no redirects, or credentials may be sent where nobody wants them.
    ///
    /// # Errors
    /// When the address is none of `http` or `https`, or holds credentials.
    pub fn new(store: Store, base: &str, client: Client) -> Result<Self, SignalError> {
        let base = link::address(store, base)?;
        let (credentials, tenant, limits) = (Credentials::None, None, Limits::default());
        Ok(Self { store, base, credentials, tenant, limits, client })
    }

    /// Sends credentials.
    #[must_use]
    pub fn with_credentials(self, credentials: Credentials) -> Self {
        Self { credentials, ..self }
    }

    /// Sends the name of a tenant (`X-Scope-OrgID`), as Loki and Tempo with several want it.
    #[must_use]
    pub fn with_tenant(self, tenant: String) -> Self {
        Self { tenant: Some(tenant), ..self }
    }

    /// Sets other limits.
    #[must_use]
    pub fn with_limits(self, limits: Limits) -> Self {
        Self { limits, ..self }
    }

    /// Whose server it is.
    #[must_use]
    pub fn store(&self) -> Store {
        self.store
    }

    /// Its address, without credentials.
    #[must_use]
    pub fn base(&self) -> &Url {
        &self.base
    }

    pub(crate) fn limits(&self) -> Limits {
        self.limits
    }

    pub(crate) fn scrub<'r>(&self, redact: crate::Redact<'r>) -> Scrub<'r> {
        Scrub { redact, line_bytes: self.limits.line_bytes }
    }

    pub(crate) fn not_understood(&self, what: impl Into<String>) -> SignalError {
        SignalError::NotUnderstood { store: self.store, what: what.into() }
    }

    pub(crate) fn settings(&self, why: impl Into<String>) -> SignalError {
        SignalError::Settings { store: self.store, why: why.into() }
    }

    /// Asks by GET.
    pub(crate) async fn get(
        &self,
        path: &[&str],
        query: &[(&str, String)],
        scrub: Scrub<'_>,
    ) -> Result<Option<Value>, SignalError> {
        let request = self.client.get(link::below(&self.base, path)).query(query);
        self.answer(request, scrub).await
    }

    /// Asks by POST with JSON.
    pub(crate) async fn post(
        &self,
        path: &[&str],
        body: &Value,
        scrub: Scrub<'_>,
    ) -> Result<Option<Value>, SignalError> {
        // Graylog wants the second header from whoever is no browser; the others do not mind it.
        let request = self.client.post(link::below(&self.base, path)).json(body);
        self.answer(request.header("x-requested-by", "council"), scrub).await
    }

    /// Sends a request and reads JSON; nothing when the store says that it knows no such trace.
    async fn answer(
        &self,
        request: RequestBuilder,
        scrub: Scrub<'_>,
    ) -> Result<Option<Value>, SignalError> {
        let mut request =
            request.timeout(self.limits.patience).header("accept", "application/json");
        request = match &self.credentials {
            Credentials::None => request,
            Credentials::Basic { user, password } => {
                request.basic_auth(user.expose_secret(), Some(password.expose_secret()))
            }
            Credentials::Bearer(token) => request.bearer_auth(token.expose_secret()),
            Credentials::ApiKey(key) => {
                request.header("authorization", sensitive("ApiKey", key, self)?)
            }
        };
        if let Some(tenant) = &self.tenant {
            request = request.header("x-scope-orgid", tenant);
        }
        let (status, body) = self.exchange(request).await?;
        match status {
            200..300 => json::read(&body).map(Some).map_err(|why| self.not_understood(why)),
            401 | 403 => Err(SignalError::Unauthorized { store: self.store, status }),
            404 if is_about_a_trace(&body) => Ok(None),
            404 if self.store == Store::Tempo && body.trim_ascii().is_empty() => Ok(None),
            _ => {
                let said = scrub.said(&said(&body));
                Err(SignalError::Refused { store: self.store, status, said })
            }
        }
    }

    async fn exchange(&self, request: RequestBuilder) -> Result<(u16, Vec<u8>), SignalError> {
        let failed = |error: reqwest::Error| self.failed(&error);
        let mut response = request.send().await.map_err(failed)?;
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(failed)? {
            if body.len() + chunk.len() > self.limits.answer_bytes {
                let most = self.limits.answer_bytes;
                return Err(SignalError::TooLarge { store: self.store, most });
            }
            body.extend_from_slice(&chunk);
        }
        Ok((response.status().as_u16(), body))
    }

    /// The innermost cause says what happened; the outer ones repeat the address with the whole query.
    fn failed(&self, error: &reqwest::Error) -> SignalError {
        if error.is_timeout() {
            return SignalError::TooLate { store: self.store, after: self.limits.patience };
        }
        let mut cause: &dyn std::error::Error = error;
        while let Some(deeper) = cause.source() {
            cause = deeper;
        }
        let why = if error.is_builder() {
            "the request cannot be built; look for strange characters in token or tenant".to_owned()
        } else {
            cause.to_string()
        };
        SignalError::Unreachable { store: self.store, base: self.base.to_string(), why }
    }
}

/// A header that is not shown in logs.
fn sensitive(
    scheme: &str,
    secret: &SecretString,
    server: &Server,
) -> Result<reqwest::header::HeaderValue, SignalError> {
    let text = format!("{scheme} {}", secret.expose_secret());
    let mut value = reqwest::header::HeaderValue::try_from(text)
        .map_err(|_| server.settings("its key holds characters that no header may have"))?;
    value.set_sensitive(true);
    Ok(value)
}

/// Jaeger and Tempo answer with 404 and words of their own when they know no trace; any other 404 is a wrong address.
fn is_about_a_trace(body: &[u8]) -> bool {
    let words = String::from_utf8_lossy(body).to_ascii_lowercase();
    words.contains("no traces found") || words.contains("trace not found")
}

/// A store's own words on why not, wherever it puts them.
fn said(body: &[u8]) -> String {
    const WHERE: [&[&str]; 6] = [
        &["error", "reason"],
        &["error", "root_cause", "reason"],
        &["error", "message"],
        &["message"],
        &["error"],
        &["errors"],
    ];
    let text = String::from_utf8_lossy(body).into_owned();
    let Ok(value) = json::read(body) else { return text };
    let found = WHERE.iter().find_map(|path| json::text(&value, path)).map(str::to_owned);
    let first = value.pointer("/errors/0/msg").and_then(Value::as_str).map(str::to_owned);
    found.or(first).unwrap_or(text)
}
