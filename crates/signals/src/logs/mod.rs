//! Stores of lines: four of them, one question, one answer.

mod elastic;
mod elastic_answer;
mod graylog;
mod loki;

pub use elastic::{Elastic, Fields};
pub use graylog::Graylog;
pub use loki::Loki;

use reqwest::Url;

use crate::question::check_service;
use crate::{Excerpt, Line, LogQuestion, Redact, SignalError, Store};

/// What keeps lines.
#[derive(Clone, Debug)]
pub enum LogStore {
    /// Grafana Loki.
    Loki(Loki),
    /// Elasticsearch or OpenSearch, as its server says.
    Elastic(Elastic),
    /// Graylog.
    Graylog(Graylog),
}

impl LogStore {
    /// Whose store it is.
    #[must_use]
    pub fn store(&self) -> Store {
        match self {
            Self::Loki(loki) => loki.server.store(),
            Self::Elastic(elastic) => elastic.server.store(),
            Self::Graylog(graylog) => graylog.server.store(),
        }
    }

    /// Asks what a service wrote. `redact` sees every text before it leaves this crate.
    ///
    /// # Errors
    /// When nobody answers in time, credentials do not suffice, the store refuses, or its answer is too large or not understood;
    /// and when the question or the settings cannot be asked with.
    pub async fn excerpt(
        &self,
        question: &LogQuestion,
        redact: Redact<'_>,
    ) -> Result<Excerpt, SignalError> {
        check_service(self.store(), &question.service)?;
        match self {
            Self::Loki(loki) => loki.excerpt(question, redact).await,
            Self::Elastic(elastic) => elastic.excerpt(question, redact).await,
            Self::Graylog(graylog) => graylog.excerpt(question, redact).await,
        }
    }
}

/// What one answer of a store holds before it is put in order.
struct Heard {
    lines: Vec<Line>,
    total: Option<u64>,
    missing: Vec<String>,
    link: Option<Url>,
    asked: String,
}

/// Puts lines in order and keeps the oldest, as many as were asked for.
fn excerpt(question: &LogQuestion, heard: Heard) -> Excerpt {
    let Heard { mut lines, total, missing, link, asked } = heard;
    // Stores round a window to the unit of their clocks.
    lines.retain(|line| question.window.contains(line.at));
    // Stable: lines of one moment stay as the store had them.
    lines.sort_by_key(|line| line.at);
    let limit = usize::try_from(question.limit()).unwrap_or(usize::MAX);
    let truncated = lines.len() > limit;
    lines.truncate(limit);
    Excerpt { lines, truncated, total, missing, link, asked }
}
