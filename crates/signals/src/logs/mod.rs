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
use crate::{Excerpt, Line, LogQuestion, Redact, Server, SignalError, Store};

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

/// A window for stores that date lines in whole milliseconds; what is then too much is left out of the answer.
fn milliseconds(server: &Server, question: &LogQuestion) -> Result<[String; 2], SignalError> {
    let beyond = || server.settings("its window is beyond the calendar");
    question.window.in_milliseconds().ok_or_else(beyond)
}

/// Puts lines in order and keeps the oldest, as many as were asked for.
fn excerpt(question: &LogQuestion, heard: Heard) -> Excerpt {
    let Heard { mut lines, total, missing, link, asked } = heard;
    let limit = usize::try_from(question.limit()).unwrap_or(usize::MAX);
    // Stores round a window to the unit of their clocks. As they give the oldest lines first, one from after the window is behind all
    // that are in it, while one from before the window has taken a place.
    let truncated = lines.iter().filter(|line| line.at < question.window.to()).count() > limit;
    lines.retain(|line| question.window.contains(line.at));
    // Stable: lines of one moment stay as the store had them.
    lines.sort_by_key(|line| line.at);
    lines.truncate(limit);
    Excerpt { lines, truncated, total, missing, link, asked }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::Window;

    #[test]
    fn a_full_answer_is_cut_even_if_some_of_it_is_outside_of_the_window() {
        let at = |nanosecond| Timestamp::from_nanosecond(nanosecond).unwrap();
        let window = Window::new(at(500), at(900)).unwrap();
        let service = String::new();
        let question = LogQuestion { window, service, text: None, severity: None, limit: 1 };
        let line =
            |time| Line { at: at(time), severity: None, text: String::new(), labels: [].into() };
        let lines = vec![line(600), line(100)];
        let heard =
            Heard { lines, total: None, missing: Vec::new(), link: None, asked: String::new() };
        let excerpt = excerpt(&question, heard);
        assert_eq!(excerpt.lines, [line(600)]);
        assert!(excerpt.truncated);
    }
}
