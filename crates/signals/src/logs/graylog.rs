//! Graylog: `POST /api/search/messages` with an absolute range of time.
//!
//! Source: Graylog's API browser, "ScriptingApi", operation `messagesByQueryRequestSpec` (Graylog 5.0 and later), and its
//! documentation, "Search query language", which is Lucene's. Times are RFC 3339 in whole milliseconds. A table comes back,
//! whose columns are the fields that were asked for; a dash stands for what a message does not have. How many messages match
//! is not said. The older `/api/search/universal/absolute` is gone from current servers.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::Heard;
use crate::quote::{field, phrase};
use crate::text::Scrub;
use crate::{Excerpt, Line, LogQuestion, Redact, Server, Severity, SignalError, json, link};

/// What a table has where a message has no such field.
const ABSENT: &str = "-";

/// A Graylog.
#[derive(Clone, Debug)]
pub struct Graylog {
    /// Where, and how it is asked: the address before `/api`, which is also that of its pages.
    pub server: Server,
    /// The field that holds a service's name; `source` where senders are services themselves.
    pub service_field: String,
    /// The field that holds syslog's number of a severity, 0 to 7.
    pub level_field: String,
    /// Streams to look in, by their ids; none for all that the credentials may read.
    pub streams: Vec<String>,
    /// What else comes back as labels.
    pub labels: Vec<String>,
}

impl Graylog {
    /// Takes a server, with the fields `service_name` and `level`, and the sender as a label.
    #[must_use]
    pub fn new(server: Server) -> Self {
        Self {
            server,
            service_field: "service_name".to_owned(),
            level_field: "level".to_owned(),
            streams: Vec::new(),
            labels: vec!["source".to_owned()],
        }
    }

    pub(super) async fn excerpt(
        &self,
        question: &LogQuestion,
        redact: Redact<'_>,
    ) -> Result<Excerpt, SignalError> {
        let query = self.query(question);
        let [from, to] = super::milliseconds(&self.server, question)?;
        let body = json!({
            "query": query,
            "streams": self.streams,
            "timerange": {"type": "absolute", "from": from, "to": to},
            "sort": "timestamp",
            "sort_order": "asc",
            "from": 0,
            "size": question.limit() + 1,
            "fields": self.columns(),
        });
        let scrub = self.server.scrub(redact);
        let answer = self.server.post(&["api", "search", "messages"], &body, scrub).await?;
        let lines = self.lines(&answer.unwrap_or_default(), scrub)?;
        let mut link = link::below(self.server.base(), &["search"]);
        link.query_pairs_mut()
            .append_pair("rangetype", "absolute")
            .append_pair("from", &from)
            .append_pair("to", &to)
            .append_pair("q", &query);
        if !self.streams.is_empty() {
            link.query_pairs_mut().append_pair("streams", &self.streams.join(","));
        }
        let (asked, link) = (format!("POST /api/search/messages {body}"), Some(link));
        let heard = Heard { lines, total: None, missing: Vec::new(), link, asked };
        Ok(super::excerpt(question, heard))
    }

    fn query(&self, question: &LogQuestion) -> String {
        let mut query = format!("{}:{}", field(&self.service_field), phrase(&question.service));
        if let Some(text) = question.text() {
            query.push_str(&format!(" AND message:{}", phrase(text)));
        }
        if let Some(minimum) = question.severity.filter(|minimum| *minimum > Severity::Trace) {
            let worst = format!("[0 TO {}]", minimum.syslog_ceiling());
            query.push_str(&format!(" AND {}:{worst}", field(&self.level_field)));
        }
        query
    }

    /// What is asked for: time, text and severity first, then the labels.
    fn columns(&self) -> Vec<&str> {
        let fixed = ["timestamp", "message", self.level_field.as_str()];
        fixed.into_iter().chain(self.labels.iter().map(String::as_str)).collect()
    }

    fn lines(&self, answer: &Value, scrub: Scrub<'_>) -> Result<Vec<Line>, SignalError> {
        let columns: Vec<&str> =
            json::each(answer, "schema").filter_map(|it| json::text(it, &["field"])).collect();
        if !answer.get("datarows").is_some_and(Value::is_array) || columns.is_empty() {
            return Err(self.server.not_understood("it holds no table of messages"));
        }
        json::each(answer, "datarows").map(|row| self.line(&columns, row, scrub)).collect()
    }

    fn line(&self, columns: &[&str], row: &Value, scrub: Scrub<'_>) -> Result<Line, SignalError> {
        let cells = columns.iter().copied().zip(row.as_array().into_iter().flatten());
        let present = cells.filter(|(_, cell)| cell.as_str() != Some(ABSENT));
        let present: Vec<(&str, &Value)> = present.collect();
        let cell = |name: &str| present.iter().find(|(it, _)| *it == name).map(|(_, cell)| *cell);
        let at = cell("timestamp").and_then(Value::as_str).and_then(|it| it.parse().ok());
        let at: Timestamp =
            at.ok_or_else(|| self.server.not_understood("a message has no time as in RFC 3339"))?;
        let level = cell(&self.level_field);
        let severity = match level.and_then(Value::as_str).and_then(Severity::from_word) {
            Some(severity) => Some(severity),
            None => {
                json::whole(level).and_then(|it| Severity::from_syslog(u64::try_from(it).ok()?))
            }
        };
        let text = cell("message").map(|it| match it {
            Value::String(text) => scrub.line(text),
            other => scrub.line(&other.to_string()),
        });
        let labels = present.iter().filter(|(name, _)| self.labels.iter().any(|it| it == name));
        let labels = scrub.labels(labels.map(|(name, cell)| (*name, *cell)));
        Ok(Line { at, severity, text: text.unwrap_or_default(), labels })
    }
}
