//! Elasticsearch and OpenSearch: `POST /{index}/_search` with filters on time, service, text and severity.
//!
//! Sources: Elasticsearch's API reference, "Run a search", and OpenSearch's API specification, `_core.search`. Both take what
//! is sent here: `bool` with `filter`, `range` with a `format`, `term`, `terms`, `match_phrase`, and `fields` with a `format`,
//! by which a time comes back as RFC 3339 whatever the index keeps.

use serde_json::{Value, json};

use super::{Heard, elastic_answer};
use crate::quote::{percent, phrase};
use crate::{Excerpt, LogQuestion, Page, Redact, Server, Severity, SignalError, Store, link};

/// Times as RFC 3339, as fine as the index keeps them.
pub(super) const TIMES: &str = "strict_date_optional_time_nanos";

/// Elasticsearch and OpenSearch count matches up to here and answer faster for it; more is said as more.
const COUNTED: u32 = 10_000;

/// An Elasticsearch or an OpenSearch, as the server's [`Store`] says.
#[derive(Clone, Debug)]
pub struct Elastic {
    /// Where, and how it is asked.
    pub server: Server,
    /// Indices, data streams or a pattern of them, such as `logs-*`.
    pub index: String,
    /// What its fields are called.
    pub fields: Fields,
    /// Kibana or OpenSearch Dashboards.
    pub page: Option<Page>,
}

/// What the fields of an index are called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fields {
    /// When: a `date` or `date_nanos`.
    pub time: String,
    /// Which service: a `keyword`, so `service.name.keyword` where the index was made without a mapping.
    pub service: String,
    /// What the line says: a `text`.
    pub message: String,
    /// How bad, in words: a `keyword`.
    pub severity: String,
    /// What else comes back as labels.
    pub labels: Vec<String>,
}

impl Default for Fields {
    fn default() -> Self {
        Self::ecs()
    }
}

impl Fields {
    /// Names of the Elastic Common Schema, as Beats and Elastic Agent write.
    #[must_use]
    pub fn ecs() -> Self {
        let names = ["@timestamp", "service.name", "message", "log.level"];
        Self::named(names, &["host.name", "service.version", "trace.id", "span.id"])
    }

    /// Names of OpenTelemetry's data model, as the Collector's exporter writes them in its mapping mode `otel`.
    #[must_use]
    pub fn otel() -> Self {
        let names =
            ["@timestamp", "resource.attributes.service.name", "body.text", "severity_text"];
        let labels = [
            "resource.attributes.host.name",
            "resource.attributes.service.version",
            "trace_id",
            "span_id",
        ];
        Self::named(names, &labels)
    }

    fn named([time, service, message, severity]: [&str; 4], labels: &[&str]) -> Self {
        Self {
            time: time.to_owned(),
            service: service.to_owned(),
            message: message.to_owned(),
            severity: severity.to_owned(),
            labels: labels.iter().map(|label| (*label).to_owned()).collect(),
        }
    }
}

impl Elastic {
    /// Takes a server and an index, with the names of the Elastic Common Schema.
    #[must_use]
    pub fn new(server: Server, index: &str) -> Self {
        Self { server, index: index.to_owned(), fields: Fields::ecs(), page: None }
    }

    pub(super) async fn excerpt(
        &self,
        question: &LogQuestion,
        redact: Redact<'_>,
    ) -> Result<Excerpt, SignalError> {
        let strange = |c: char| c.is_whitespace() || c.is_control() || "\"\\/?#<>|".contains(c);
        if self.index.is_empty() || self.index.contains(strange) || self.index.starts_with('_') {
            let why =
                format!("`{}` is no name or pattern of an index, such as `logs-*`", self.index);
            return Err(self.server.settings(why));
        }
        let body = self.body(question)?;
        let scrub = self.server.scrub(redact);
        let answer = self.server.post(&[&self.index, "_search"], &body, scrub).await?;
        let heard = elastic_answer::read(self, &answer.unwrap_or_default(), scrub)?;
        let link = self.page.as_ref().map(|page| {
            let query = self.kuery(question);
            match self.server.store() {
                Store::OpenSearch => link::dashboards(page, &query, &question.window),
                Store::Loki
                | Store::Elasticsearch
                | Store::Graylog
                | Store::Jaeger
                | Store::Tempo => link::kibana(page, &query, &question.window),
            }
        });
        let asked = format!("POST /{}/_search {body}", percent(&self.index));
        Ok(super::excerpt(question, Heard { link, asked, ..heard }))
    }

    fn body(&self, question: &LogQuestion) -> Result<Value, SignalError> {
        let Fields { time, service, message, severity, labels } = &self.fields;
        // A `date` has milliseconds, a `date_nanos` more: bounds that both read the same way.
        let [from, to] = super::milliseconds(&self.server, question)?;
        let mut filter = vec![
            json!({"range": {time: {"gte": from, "lt": to, "format": TIMES}}}),
            json!({"term": {service: {"value": question.service}}}),
        ];
        if let Some(text) = question.text() {
            filter.push(json!({"match_phrase": {message: {"query": text}}}));
        }
        if let Some(minimum) = question.severity.filter(|minimum| *minimum > Severity::Trace) {
            filter.push(json!({"terms": {severity: spellings(minimum)}}));
        }
        let kept = [message, severity, service].into_iter().chain(labels);
        // The store stops a moment before we do, and then says so.
        let patience = self.server.limits().patience.as_millis() * 9 / 10;
        Ok(json!({
            "query": {"bool": {"filter": filter}},
            // A pattern may match indices that keep times differently, or none.
            "sort": [{time: {"order": "asc", "numeric_type": "date_nanos", "unmapped_type": "date"}}],
            "size": question.limit() + 1,
            "track_total_hits": COUNTED,
            "timeout": format!("{patience}ms"),
            "fields": [{"field": time, "format": TIMES}],
            "_source": kept.collect::<Vec<_>>(),
        }))
    }

    /// The same in Kibana's query language, which OpenSearch Dashboards speaks, too.
    fn kuery(&self, question: &LogQuestion) -> String {
        let Fields { service, message, severity, .. } = &self.fields;
        let mut query = format!("{service} : {}", phrase(&question.service));
        if let Some(text) = question.text() {
            query.push_str(&format!(" and {message} : {}", phrase(text)));
        }
        if let Some(minimum) = question.severity.filter(|minimum| *minimum > Severity::Trace) {
            let words = spellings(minimum).join(" or ");
            query.push_str(&format!(" and {severity} : ({words})"));
        }
        query
    }
}

/// Keywords are compared letter by letter: each word as `error`, `ERROR` and `Error`.
fn spellings(minimum: Severity) -> Vec<String> {
    let spell = |word: &str| {
        let mut letters = word.chars();
        let first: String = letters.next().map(|c| c.to_ascii_uppercase()).into_iter().collect();
        [word.to_owned(), word.to_ascii_uppercase(), first + letters.as_str()]
    };
    minimum.words_from().into_iter().flat_map(spell).collect()
}
