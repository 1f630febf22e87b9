//! How a provider is asked: by the caller's client, with a limit on what it answers.

use std::pin::Pin;
use std::time::Duration;

use openidconnect::http::{Response, StatusCode};
use openidconnect::{AsyncHttpClient, HttpRequest, HttpResponse};

/// The longest answer that is read (512 KiB): discovery documents and key sets have a few KiB.
const MAX_ANSWER: usize = 512 << 10;

/// Why a request got no answer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum HttpError {
    #[error("the request could not be made")]
    Request(#[source] openidconnect::http::Error),
    #[error("{0}")]
    Sent(String),
    #[error("its answer is longer than {MAX_ANSWER} bytes")]
    TooLong,
    #[error("it leads elsewhere, to `{0}`, where nobody goes for it")]
    Redirect(String),
}

/// How long a provider may take to answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// Asks providers in the library's name.
#[derive(Clone, Debug)]
pub(crate) struct Asker(pub(crate) reqwest::Client);

impl<'c> AsyncHttpClient<'c> for Asker {
    type Error = HttpError;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, HttpError>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        let answer = tokio::time::timeout(PATIENCE, send(&self.0, request));
        Box::pin(async move {
            answer.await.unwrap_or_else(|_| {
                let words = format!("no answer within {} seconds", PATIENCE.as_secs());
                Err(HttpError::Sent(words))
            })
        })
    }
}

/// Sends a request of the library by our client, which follows no redirect.
async fn send(client: &reqwest::Client, request: HttpRequest) -> Result<HttpResponse, HttpError> {
    let (parts, body) = request.into_parts();
    let asked =
        client.request(parts.method, parts.uri.to_string()).headers(parts.headers).body(body);
    let mut answer = asked.send().await.map_err(|error| sent(&error))?;
    if answer.status().is_redirection() {
        let to = answer.headers().get("location").and_then(|value| value.to_str().ok());
        return Err(HttpError::Redirect(to.unwrap_or("nowhere").to_owned()));
    }
    let (status, headers) = (answer.status(), answer.headers().clone());
    let mut bytes = Vec::new();
    while let Some(chunk) = answer.chunk().await.map_err(|error| sent(&error))? {
        if bytes.len() + chunk.len() > MAX_ANSWER {
            return Err(HttpError::TooLong);
        }
        bytes.extend_from_slice(&chunk);
    }
    let mut response = Response::builder()
        .status(StatusCode::from_u16(status.as_u16()).unwrap_or(StatusCode::BAD_GATEWAY))
        .body(bytes)
        .map_err(HttpError::Request)?;
    *response.headers_mut() = headers;
    Ok(response)
}

/// The innermost cause says what happened; the outer ones repeat the address, which may hold what nobody should read.
fn sent(error: &reqwest::Error) -> HttpError {
    let mut cause: &dyn std::error::Error = error;
    while let Some(deeper) = cause.source() {
        cause = deeper;
    }
    HttpError::Sent(cause.to_string())
}
