//! Loki: `GET /loki/api/v1/query_range` with a log query.
//!
//! Sources: Grafana Loki's documentation, "Loki HTTP API" (times in nanoseconds since 1970, start in the window, end not) and
//! "LogQL: Log query language". A severity is what Loki 3 finds in a line by itself (`discover_log_levels`) and keeps as the
//! structured metadata `detected_level`; a Loki without it finds nothing when a severity is asked for, unless another
//! label is named.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::Heard;
use crate::quote::{go, is_label};
use crate::text::Scrub;
use crate::{
    Excerpt, Grafana, Line, LogQuestion, Redact, Server, Severity, SignalError, json, link,
};

/// A Loki, or whatever answers like one.
#[derive(Clone, Debug)]
pub struct Loki {
    /// Where, and how it is asked.
    pub server: Server,
    /// The label that holds a service's name: `service_name` since Loki 3, elsewhere often `service`, `app` or `job`.
    pub service_label: String,
    /// The label, or the structured metadata, that holds a line's severity.
    pub severity_label: String,
    /// Where people see its lines.
    pub grafana: Option<Grafana>,
}

impl Loki {
    /// Takes a server, with the labels that Loki 3 sets by itself.
    #[must_use]
    pub fn new(server: Server) -> Self {
        let (service_label, severity_label) =
            ("service_name".to_owned(), "detected_level".to_owned());
        Self { server, service_label, severity_label, grafana: None }
    }

    pub(super) async fn excerpt(
        &self,
        question: &LogQuestion,
        redact: Redact<'_>,
    ) -> Result<Excerpt, SignalError> {
        let query = self.query(question)?;
        let (from, to) = question.window.in_units_of(1);
        let parameters = [
            ("query", query.clone()),
            ("start", from.to_string()),
            ("end", to.to_string()),
            ("limit", (question.limit() + 1).to_string()),
            ("direction", "forward".to_owned()),
        ];
        let scrub = self.server.scrub(redact);
        let answer =
            self.server.get(&["loki", "api", "v1", "query_range"], &parameters, scrub).await?;
        let answer = answer.unwrap_or_default();
        let lines = self.lines(&answer, scrub)?;
        let missing = json::each(&answer, "warnings").filter_map(Value::as_str);
        let missing = missing.map(|it| format!("Loki warns: {}", scrub.said(it))).collect();
        let link = self.grafana.as_ref().map(|grafana| {
            let shown = json!({"expr": query, "queryType": "range", "direction": "forward"});
            link::explore(grafana, "loki", &shown, &question.window)
        });
        Ok(super::excerpt(question, Heard { lines, total: None, missing, link, asked: query }))
    }

    /// The query in LogQL.
    fn query(&self, question: &LogQuestion) -> Result<String, SignalError> {
        for label in [&self.service_label, &self.severity_label] {
            if !is_label(label) {
                let why = format!("`{label}` is no name of a label; letters, digits and `_` are");
                return Err(self.server.settings(why));
            }
        }
        let mut query = format!("{{{}={}}}", self.service_label, go(&question.service));
        if let Some(text) = question.text() {
            query.push_str(&format!(" |= {}", go(text)));
        }
        // Nothing is less bad than a trace: all lines are, also those whose severity Loki does not know.
        if let Some(severity) = question.severity.filter(|severity| *severity > Severity::Trace) {
            let words = severity.words_from().join("|");
            query.push_str(&format!(" | {}=~\"(?i)({words})\"", self.severity_label));
        }
        Ok(query)
    }

    fn lines(&self, answer: &Value, scrub: Scrub<'_>) -> Result<Vec<Line>, SignalError> {
        let data =
            answer.get("data").filter(|_| json::text(answer, &["status"]) == Some("success"));
        let Some(data) = data.filter(|data| json::text(data, &["resultType"]) == Some("streams"))
        else {
            return Err(self.server.not_understood("it holds no streams of lines"));
        };
        let mut lines = Vec::new();
        for stream in json::each(data, "result") {
            let labels = stream.get("stream").and_then(Value::as_object);
            let severity = labels.and_then(|labels| labels.get(&self.severity_label));
            let severity = severity.and_then(Value::as_str).and_then(Severity::from_word);
            let labels = scrub.labels(labels.into_iter().flatten().map(|(name, it)| (&**name, it)));
            for value in json::each(stream, "values") {
                let at =
                    json::whole(value.get(0)).and_then(|at| Timestamp::from_nanosecond(at).ok());
                let (Some(at), Some(text)) = (at, value.get(1).and_then(Value::as_str)) else {
                    return Err(self.server.not_understood("a line has no time or no text"));
                };
                let text = scrub.line(text);
                lines.push(Line { at, severity, text, labels: labels.clone() });
            }
        }
        Ok(lines)
    }
}
