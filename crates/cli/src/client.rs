//! A running council, spoken to over its HTTP API.
//!
//! Answers are the views that the pages show, as JSON; what is refused comes as a problem (RFC 9457)
//! and becomes an error in the same words. Every write carries an idempotency key, so that a lost
//! answer may be asked for again without doing the thing twice.

mod access;
mod problem;

use std::time::Duration;

use reqwest::{Method, Response};
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::runtime::Runtime;

pub(crate) use access::{Access, forget, remember};

use crate::command_error::CommandError;
use crate::context::Context;

/// How long an answer to a question may take. The server gives up after 30 seconds itself.
const TIMEOUT: Duration = Duration::from_secs(35);

/// How long something that is done may take: whoever plans waits for tools that log in to every host of a site, for which
/// the server allows half an hour.
const DEED_TIMEOUT: Duration = Duration::from_secs(31 * 60);

/// How soon a server that is gone is noticed while it is waited for.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// A council that answers.
#[derive(Debug)]
pub(crate) struct Client {
    access: Access,
    cookie: Option<String>,
    http: reqwest::Client,
    runtime: Runtime,
}

impl Client {
    /// Makes a client for the council that the environment or a sign-in names.
    pub(crate) fn of(context: &Context) -> Result<Self, CommandError> {
        Self::to(Access::find(&context.environment)?)
    }

    /// Makes a client for a council.
    pub(crate) fn to(access: Access) -> Result<Self, CommandError> {
        let failed = |what: &str, error: &dyn std::error::Error| {
            CommandError::failed(format!("{what} could not be started")).why(error)
        };
        // A second provider would be a bug of ours; one that is there already is what we want.
        drop(rustls::crypto::ring::default_provider().install_default());
        let http = reqwest::Client::builder()
            .user_agent(concat!("council/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(Duration::from_secs(5))
            .tcp_keepalive(KEEP_ALIVE)
            .build()
            .map_err(|error| failed("the HTTP client", &error))?;
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|error| failed("the runtime", &error))?;
        Ok(Self { access, cookie: None, http, runtime })
    }

    /// Reads something.
    pub(crate) fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, CommandError> {
        self.ask(Method::GET, path, None::<&()>)
    }

    /// Says whether anybody answers.
    pub(crate) fn answers(&self) -> bool {
        let asked = self.send(Method::GET, "/healthz", None::<&()>);
        self.runtime.block_on(asked).is_ok()
    }

    /// Waits for something that is done here while the council is spoken to.
    pub(crate) fn block_on<T>(&self, work: impl Future<Output = T>) -> T {
        self.runtime.block_on(work)
    }

    /// Lets time pass.
    pub(crate) fn wait(&self, time: Duration) {
        // A timer can be made only within the runtime that drives it.
        self.runtime.block_on(async { tokio::time::sleep(time).await });
    }

    /// Does something.
    pub(crate) fn post<T: DeserializeOwned>(
        &self,
        path: &str,
        body: &impl Serialize,
    ) -> Result<T, CommandError> {
        self.ask(Method::POST, path, Some(body))
    }

    /// Does something of which only matters that it was done.
    pub(crate) fn act(&self, path: &str, body: &impl Serialize) -> Result<(), CommandError> {
        self.post::<serde::de::IgnoredAny>(path, body).map(drop)
    }

    /// Begins a session and returns its cookie.
    pub(crate) fn session(
        &self,
        path: &str,
        body: &impl Serialize,
    ) -> Result<String, CommandError> {
        self.runtime.block_on(async {
            let response = self.send(Method::POST, path, Some(body)).await?;
            let cookie = response.headers().get("set-cookie").and_then(|it| it.to_str().ok());
            let cookie = cookie.and_then(|cookie| cookie.split(';').next()).map(str::to_owned);
            cookie.ok_or_else(|| CommandError::failed("the council gave no session"))
        })
    }

    /// Goes on with a session.
    pub(crate) fn with_cookie(self, cookie: String) -> Self {
        Self { cookie: Some(cookie), ..self }
    }

    /// Takes something away.
    pub(crate) fn delete(&self, path: &str) -> Result<(), CommandError> {
        self.runtime
            .block_on(async { self.send(Method::DELETE, path, None::<&()>).await.map(drop) })
    }

    fn ask<T: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        body: Option<&impl Serialize>,
    ) -> Result<T, CommandError> {
        self.runtime.block_on(async {
            let response = self.send(method, path, body).await?;
            let text = response.bytes().await.map_err(|error| self.unreachable(&error))?;
            let text: &[u8] = if text.is_empty() { b"null" } else { &text };
            serde_json::from_slice(text).map_err(|error| {
                CommandError::failed(format!("`{}` answered something unexpected", self.access.url))
                    .why(error)
                    .hint("use the `council` of the same version as the server's")
            })
        })
    }

    async fn send(
        &self,
        method: Method,
        path: &str,
        body: Option<&impl Serialize>,
    ) -> Result<Response, CommandError> {
        let is_write = method != Method::GET;
        let timeout = if is_write { DEED_TIMEOUT } else { TIMEOUT };
        let mut request = self.request(method, path).timeout(timeout);
        if let Some(body) = body {
            request = request.json(body);
        }
        if is_write {
            request = request.header("idempotency-key", idempotency_key());
        }
        let response = request.send().await.map_err(|error| self.unreachable(&error))?;
        problem::refuse(response).await
    }

    /// Follows a stream of events; `each` gets every complete line.
    pub(crate) fn follow(
        &self,
        path: &str,
        mut each: impl FnMut(&str) -> Result<(), CommandError>,
    ) -> Result<(), CommandError> {
        self.runtime.block_on(async {
            let request = self.request(Method::GET, path).header("accept", "text/event-stream");
            let response = request.send().await.map_err(|error| self.unreachable(&error))?;
            let mut response = problem::refuse(response).await?;
            let mut pending = Vec::new();
            while let Some(bytes) =
                response.chunk().await.map_err(|error| self.unreachable(&error))?
            {
                pending.extend_from_slice(&bytes);
                while let Some(end) = pending.iter().position(|&byte| byte == b'\n') {
                    let line: Vec<u8> = pending.drain(..=end).collect();
                    each(String::from_utf8_lossy(&line).trim_end())?;
                }
            }
            Ok(())
        })
    }

    fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        let mut request = self.http.request(method, format!("{}{path}", self.access.url));
        if let Some(cookie) = &self.cookie {
            request = request.header("cookie", cookie);
        }
        match &self.access.token {
            Some(token) => request.bearer_auth(token),
            None => request,
        }
    }

    fn unreachable(&self, error: &reqwest::Error) -> CommandError {
        let mut refused =
            CommandError::failed(format!("the council at `{}` does not answer", self.access.url));
        let mut cause: Option<&dyn std::error::Error> = Some(error);
        // The outermost words only repeat the address; the innermost say what happened.
        while let Some(deeper) = cause.and_then(std::error::Error::source) {
            cause = Some(deeper);
        }
        if let Some(cause) = cause {
            refused = refused.why(cause);
        }
        refused.hint("start it with `council up`, or name another with COUNCIL_URL")
    }
}

/// A key that no other request has.
fn idempotency_key() -> String {
    let mut bytes = [0_u8; 16];
    // Without randomness the key is empty and the server takes the request as it comes.
    if getrandom::fill(&mut bytes).is_err() {
        return String::new();
    }
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
