//! What the clients of provisioners and management controllers share: calls with limits, and what can go wrong in words.

use std::time::Duration;

use reqwest::header::HeaderMap;
use reqwest::{RequestBuilder, Response, StatusCode};
use serde::de::DeserializeOwned;

/// How long one call may take. Management controllers are slow, and a provisioner asks them while we wait.
const TIMEOUT: Duration = Duration::from_secs(30);

/// Largest answer that is read (32 MiB): a thousand nodes of Ironic have 5, a thousand machines of MAAS some 20.
const MOST_BYTES: usize = 32 << 20;

/// How much of a system's own words is repeated.
const MOST_SAID: usize = 300;

/// Why a provisioner or a controller did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum MetalError {
    /// No answer came.
    #[error("{who} could not be reached {doing}")]
    Unreachable {
        /// Who was asked, such as "Ironic".
        who: &'static str,
        /// What was asked, such as "to list its nodes".
        doing: String,
        /// Why.
        #[source]
        source: reqwest::Error,
    },
    /// It said no.
    #[error("{who} refused {doing}: {status} {said}")]
    Refused {
        /// Who was asked.
        who: &'static str,
        /// What was asked.
        doing: String,
        /// The status of its answer.
        status: StatusCode,
        /// Its own words, cut.
        said: String,
    },
    /// It answered what nobody understands.
    #[error("the answer of {who} {doing} is not understood: {why}")]
    Garbage {
        /// Who was asked.
        who: &'static str,
        /// What was asked.
        doing: String,
        /// What is wrong with it.
        why: String,
    },
}

impl MetalError {
    /// Says whether asking again later may help.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::Unreachable { .. } => true,
            // Ironic answers 409 while a node is locked by a step of its own.
            Self::Refused { status, .. } => {
                status.is_server_error()
                    || *status == StatusCode::TOO_MANY_REQUESTS
                    || *status == StatusCode::CONFLICT
            }
            Self::Garbage { .. } => false,
        }
    }
}

/// One call: who is asked what, and the request.
pub(crate) struct Call {
    pub(crate) who: &'static str,
    pub(crate) doing: String,
    pub(crate) request: RequestBuilder,
}

impl Call {
    /// Sends it and reads the answer.
    pub(crate) async fn read<T: DeserializeOwned>(self) -> Result<T, MetalError> {
        let (who, doing) = (self.who, self.doing.clone());
        let (_, body) = self.send().await?;
        serde_json::from_slice(&body).map_err(|error| MetalError::Garbage {
            who,
            doing,
            why: error.to_string(),
        })
    }

    /// Sends it; returns headers and body of an answer that says yes.
    pub(crate) async fn send(self) -> Result<(HeaderMap, Vec<u8>), MetalError> {
        let Self { who, doing, request } = self;
        // Addresses may carry credentials; whose it is stands in the message anyway.
        let lost = |source: reqwest::Error| MetalError::Unreachable {
            who,
            doing: doing.clone(),
            source: source.without_url(),
        };
        let mut response = request.timeout(TIMEOUT).send().await.map_err(lost)?;
        let (status, headers) = (response.status(), response.headers().clone());
        let Some(body) = read(&mut response).await.map_err(lost)? else {
            let why = format!("it has more than {} MiB", MOST_BYTES >> 20);
            return Err(MetalError::Garbage { who, doing, why });
        };
        if status.is_success() {
            return Ok((headers, body));
        }
        let said: String = String::from_utf8_lossy(&body).chars().take(MOST_SAID).collect();
        Err(MetalError::Refused { who, doing, status, said })
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
