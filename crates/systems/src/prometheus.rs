//! Prometheus' HTTP API, as far as budgets need it: one query over a range.
//!
//! Thanos, Mimir and VictoriaMetrics answer the same calls; a tenant's header and a token are sent where
//! they are given. The API is the published one (`/api/v1/query_range`).
//!
//! Invariants: every call has a time-out and a limit on what it reads. An answer with warnings, as Thanos
//! gives when a store is missing, says so: whoever counts with it must know that it may lack something.
//!
//! Absent on purpose: what the numbers mean.

mod answer;
#[cfg(test)]
mod real;
#[cfg(test)]
mod tests;

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use reqwest::{Client, StatusCode};
use secrecy::{ExposeSecret as _, SecretString};

pub use answer::{Found, Samples};

/// How long one query may take. Prometheus itself gives up after two minutes; whoever looks at a budget does
/// so long before.
const TIMEOUT: Duration = Duration::from_secs(30);

/// Largest answer that is read (16 MiB): 11,000 samples of one series have a third of a megabyte.
const MOST_BYTES: usize = 16 << 20;

/// Prometheus refuses to answer with more samples a series.
pub const MOST_SAMPLES: u32 = 11_000;

/// A Prometheus, or whatever speaks like one.
#[derive(Clone, Debug)]
pub struct Prometheus {
    base: String,
    token: Option<SecretString>,
    tenant: Option<String>,
    client: Client,
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum PrometheusError {
    /// Nobody answered in time.
    #[error("Prometheus could not be reached at `{base}`")]
    Unreachable {
        /// Where.
        base: String,
        /// Why.
        #[source]
        source: reqwest::Error,
    },
    /// It said no.
    #[error("Prometheus refused the query: {status} {said}")]
    Refused {
        /// The status of its answer.
        status: StatusCode,
        /// Its own words, cut.
        said: String,
    },
    /// It answered what nobody understands.
    #[error("the answer of `{base}` is not Prometheus': {why}")]
    Garbage {
        /// Where.
        base: String,
        /// What is wrong with it.
        why: String,
    },
}

impl PrometheusError {
    /// Says whether asking again later may help.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::Unreachable { .. } => true,
            Self::Refused { status, .. } => {
                status.is_server_error() || *status == StatusCode::TOO_MANY_REQUESTS
            }
            Self::Garbage { .. } => false,
        }
    }
}

impl Prometheus {
    /// Names a server by its base URL, such as `http://prometheus.example.org:9090`, with whatever path is
    /// before `/api/v1`.
    #[must_use]
    pub fn new(base: &str, client: Client) -> Self {
        let base = base.trim_end_matches('/').to_owned();
        Self { base, token: None, tenant: None, client }
    }

    /// Sends a bearer token.
    #[must_use]
    pub fn with_token(self, token: SecretString) -> Self {
        Self { token: Some(token), ..self }
    }

    /// Sends the name of a tenant, as Mimir wants.
    #[must_use]
    pub fn with_tenant(self, tenant: String) -> Self {
        Self { tenant: Some(tenant), ..self }
    }

    /// Asks for samples of one series: at `from`, and every `step` after it up to and with `to`.
    ///
    /// # Errors
    /// When nobody answers, the query is refused, or the answer is not understood; among the latter is one
    /// with several series, because a budget is one number.
    pub async fn range(
        &self,
        query: &str,
        (from, to): (Timestamp, Timestamp),
        step: SignedDuration,
    ) -> Result<Found, PrometheusError> {
        let form = [
            ("query", query.to_owned()),
            ("start", from.to_string()),
            ("end", to.to_string()),
            ("step", format!("{}s", step.as_secs())),
        ];
        let mut request = self
            .client
            .post(format!("{}/api/v1/query_range", self.base))
            .timeout(TIMEOUT)
            .form(&form);
        if let Some(token) = &self.token {
            request = request.bearer_auth(token.expose_secret());
        }
        if let Some(tenant) = &self.tenant {
            request = request.header("x-scope-orgid", tenant);
        }
        let unreachable = |source| PrometheusError::Unreachable { base: self.base.clone(), source };
        let mut response = request.send().await.map_err(unreachable)?;
        let status = response.status();
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(unreachable)? {
            body.extend_from_slice(&chunk);
            if body.len() > MOST_BYTES {
                return Err(self.garbage(format!("it has more than {MOST_BYTES} bytes")));
            }
        }
        if !status.is_success() {
            return Err(PrometheusError::Refused { status, said: answer::refusal(&body) });
        }
        answer::read(&body).map_err(|why| self.garbage(why))
    }

    fn garbage(&self, why: String) -> PrometheusError {
        PrometheusError::Garbage { base: self.base.clone(), why }
    }
}
