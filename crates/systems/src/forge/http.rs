//! The calls themselves: where, with which token, how long, how much, and what went wrong in words.

use std::time::Duration;

use reqwest::{Client, Method, RequestBuilder, Response, StatusCode};
use secrecy::{ExposeSecret as _, SecretString};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// How long one call may take: a forge that needs longer is down for whoever waits for a pipeline.
const TIMEOUT: Duration = Duration::from_secs(20);

/// Largest answer that is read (8 MiB): a page of a hundred long comments has some 6.
const MOST_BYTES: usize = 8 << 20;

/// Pages of a list that are read, with a hundred items each.
const MOST_PAGES: usize = 20;

/// Items on a page that are asked for. GitHub and GitLab take it; Gitea and Forgejo give as many as their own limit allows,
/// 50 unless somebody changed it, and say in [`TOTAL`] how many there are.
pub(super) const PAGE: usize = 100;

/// The header in which Gitea and Forgejo say how many items the whole list has.
const TOTAL: &str = "x-total-count";

/// A forge's API, and the token to use it with.
#[derive(Clone, Debug)]
pub struct Connection {
    api: String,
    token: SecretString,
    client: Client,
}

/// Why a forge did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum ForgeError {
    /// No answer came.
    #[error("the forge could not be reached {doing}")]
    Unreachable {
        /// What was asked, such as "to read pull request 7".
        doing: String,
        /// Why.
        #[source]
        source: reqwest::Error,
    },
    /// It said no.
    #[error("the forge refused {doing}: {status} {said}")]
    Refused {
        /// What was asked.
        doing: String,
        /// The status of its answer.
        status: StatusCode,
        /// Its own words, cut.
        said: String,
    },
    /// It answered what nobody understands.
    #[error("the forge's answer {doing} is not understood: {why}")]
    Garbage {
        /// What was asked.
        doing: String,
        /// What is wrong with the answer.
        why: String,
    },
    /// A list has no end within sight. What is decided by half of it, such as who has approved, may be wrong.
    #[error("the forge has more than {most} items {doing}, and no more are read", most = MOST_PAGES * PAGE)]
    Endless {
        /// What was asked.
        doing: String,
    },
}

impl ForgeError {
    /// Says whether asking again later may help.
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::Unreachable { .. } => true,
            Self::Refused { status, .. } => {
                status.is_server_error() || *status == StatusCode::TOO_MANY_REQUESTS
            }
            Self::Garbage { .. } | Self::Endless { .. } => false,
        }
    }
}

/// One call: what for, and the request.
pub(super) struct Call {
    doing: String,
    request: RequestBuilder,
}

impl Connection {
    /// Connects to an API, such as `https://forge.example.org/api/v1`.
    pub fn new(api: &str, token: SecretString, client: Client) -> Self {
        Self { api: api.trim_end_matches('/').to_owned(), token, client }
    }

    pub(super) fn token(&self) -> &str {
        self.token.expose_secret()
    }

    /// Starts a call; `doing` completes "the forge refused …".
    pub(super) fn call(&self, method: Method, path: &str, doing: impl Into<String>) -> Call {
        let request = self.client.request(method, format!("{}{path}", self.api)).timeout(TIMEOUT);
        Call { doing: doing.into(), request }
    }
}

impl Call {
    pub(super) fn header(self, name: &str, value: &str) -> Self {
        Self { request: self.request.header(name, value), ..self }
    }

    pub(super) fn basic(self, user: &str, password: &str) -> Self {
        Self { request: self.request.basic_auth(user, Some(password)), ..self }
    }

    pub(super) fn query(self, pairs: &[(&str, &str)]) -> Self {
        Self { request: self.request.query(pairs), ..self }
    }

    pub(super) fn json(self, body: &impl Serialize) -> Self {
        Self { request: self.request.json(body), ..self }
    }

    pub(super) fn form(self, pairs: &[(String, String)]) -> Self {
        Self { request: self.request.form(pairs), ..self }
    }

    /// Sends it and reads the answer.
    pub(super) async fn read<T: DeserializeOwned>(self) -> Result<T, ForgeError> {
        Ok(self.read_counted().await?.0)
    }

    /// Sends it and reads the answer, and how many items the whole list has where the forge says so.
    async fn read_counted<T: DeserializeOwned>(self) -> Result<(T, Option<usize>), ForgeError> {
        let doing = self.doing.clone();
        let (headers, body) = self.send().await?;
        let total = headers.get(TOTAL).and_then(|text| text.to_str().ok()?.parse().ok());
        let read = serde_json::from_slice(&body);
        let read = read.map_err(|error| ForgeError::Garbage { doing, why: error.to_string() })?;
        Ok((read, total))
    }

    /// Sends it; the answer matters only where it is a refusal.
    pub(super) async fn done(self) -> Result<(), ForgeError> {
        self.send().await.map(drop)
    }

    /// Sends it and returns a header of the answer, and its text.
    pub(super) async fn headers(self) -> Result<(reqwest::header::HeaderMap, Vec<u8>), ForgeError> {
        self.send().await
    }

    async fn send(self) -> Result<(reqwest::header::HeaderMap, Vec<u8>), ForgeError> {
        let Self { doing, request } = self;
        let lost = |source: reqwest::Error| ForgeError::Unreachable {
            doing: doing.clone(),
            // Addresses may carry tokens; a forge's name is in the configuration anyway.
            source: source.without_url(),
        };
        let mut response = request.send().await.map_err(lost)?;
        let (status, headers) = (response.status(), response.headers().clone());
        let body = read(&mut response).await.map_err(lost)?.ok_or_else(|| ForgeError::Garbage {
            doing: doing.clone(),
            why: format!("it has more than {} MiB", MOST_BYTES >> 20),
        })?;
        if status.is_success() {
            return Ok((headers, body));
        }
        let said = super::plain::cut(&String::from_utf8_lossy(&body), 300);
        Err(ForgeError::Refused { doing, status, said })
    }
}

/// Reads a body within the limit; `None` beyond it.
async fn read(response: &mut Response) -> Result<Option<Vec<u8>>, reqwest::Error> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        if body.len() + chunk.len() > MOST_BYTES {
            return Ok(None);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Some(body))
}

/// Reads all pages of a list, or none; `page` makes the call for one of them, counted from 1.
pub(super) async fn all<T: DeserializeOwned>(
    page: impl Fn(usize) -> Call,
) -> Result<Vec<T>, ForgeError> {
    let mut items: Vec<T> = Vec::new();
    for number in 1..=MOST_PAGES {
        let number_text = number.to_string();
        let call = page(number).query(&[("page", &number_text)]);
        let doing = call.doing.clone();
        let (found, total): (Vec<T>, _) = call.read_counted().await?;
        let (is_empty, is_full) = (found.is_empty(), found.len() >= PAGE);
        items.extend(found);
        let has_more = total.map_or(is_full, |total| items.len() < total);
        if is_empty || !has_more {
            break;
        }
        if number == MOST_PAGES {
            return Err(ForgeError::Endless { doing });
        }
    }
    Ok(items)
}
