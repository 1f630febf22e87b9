//! Why there is no answer: which store, what happened, what to try.

use std::time::Duration;

/// What keeps logs or traces.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Store {
    /// Grafana Loki.
    Loki,
    /// Elasticsearch.
    Elasticsearch,
    /// OpenSearch.
    OpenSearch,
    /// Graylog.
    Graylog,
    /// Jaeger.
    Jaeger,
    /// Grafana Tempo.
    Tempo,
}

impl std::fmt::Display for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Loki => "Loki",
            Self::Elasticsearch => "Elasticsearch",
            Self::OpenSearch => "OpenSearch",
            Self::Graylog => "Graylog",
            Self::Jaeger => "Jaeger",
            Self::Tempo => "Tempo",
        })
    }
}

/// Why a question got no answer.
#[derive(Debug, thiserror::Error)]
pub enum SignalError {
    /// Nobody answered, or the line broke.
    #[error(
        "{store} could not be reached at `{base}` ({why}); check its address and the network between"
    )]
    Unreachable {
        /// Who was asked.
        store: Store,
        /// Where, without credentials.
        base: String,
        /// The innermost cause.
        why: String,
    },
    /// The credentials do not suffice (status 401 or 403).
    #[error(
        "{store} does not accept the credentials ({status}); check the token, its rights and the tenant"
    )]
    Unauthorized {
        /// Who was asked.
        store: Store,
        /// The status of its answer.
        status: u16,
    },
    /// The store said no.
    #[error("{store} refused the query with status {status}: {said}{}", advice(*status))]
    Refused {
        /// Who was asked.
        store: Store,
        /// The status of its answer.
        status: u16,
        /// Its own words: redacted, harmless, cut.
        said: String,
    },
    /// The answer is not one of this store.
    #[error(
        "the answer of {store} is not understood: {what}; check that the address is that of {store} itself"
    )]
    NotUnderstood {
        /// Who was asked.
        store: Store,
        /// What is wrong with the answer.
        what: String,
    },
    /// The answer is longer than is read.
    #[error(
        "the answer of {store} has more than {most} bytes; ask for a shorter window or for less"
    )]
    TooLarge {
        /// Who was asked.
        store: Store,
        /// The limit in bytes.
        most: usize,
    },
    /// The answer did not come in time.
    #[error("{store} did not answer within {} ms; ask for a shorter window, or again later", after.as_millis())]
    TooLate {
        /// Who was asked.
        store: Store,
        /// The limit.
        after: Duration,
    },
    /// A setting or a question with which nothing can be asked.
    #[error("the question to {store} cannot be asked: {why}")]
    Settings {
        /// Who would be asked.
        store: Store,
        /// What is wrong, and how it should be.
        why: String,
    },
}

impl SignalError {
    /// Says whether asking the same again later may help.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::Unreachable { .. } | Self::TooLate { .. } => true,
            Self::Refused { status, .. } => *status == 429 || *status >= 500,
            Self::Unauthorized { .. }
            | Self::NotUnderstood { .. }
            | Self::TooLarge { .. }
            | Self::Settings { .. } => false,
        }
    }
}

/// What to try after a refusal.
fn advice(status: u16) -> &'static str {
    match status {
        300..400 => "; it leads elsewhere: give the address that it leads to",
        404 => "; check the path of its address, and the index or trace that was asked for",
        429 => "; ask again later",
        500.. => "; ask for a shorter window, or again later",
        _ => "; check the settings of this store",
    }
}
