//! Tempo: `GET /api/search` with TraceQL, and `GET /api/v2/traces/{id}`.
//!
//! Source: Grafana Tempo's documentation, "Tempo HTTP API" (times in seconds since 1970) and "TraceQL". Reading one trace needs
//! Tempo 2.7 or later. Tempo searches until it has as many traces as were asked for, in no order of time.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::{Heard, Member, nanoseconds, otlp};
use crate::quote::go;
use crate::text::Scrub;
use crate::{
    Grafana, Redact, Server, SignalError, Trace, TraceQuestion, TraceSummary, Traces, Window, json,
    link,
};

/// A Tempo.
#[derive(Clone, Debug)]
pub struct Tempo {
    /// Where, and how it is asked.
    pub server: Server,
    /// Where people see its traces.
    pub grafana: Option<Grafana>,
}

impl Tempo {
    /// Takes a server.
    #[must_use]
    pub fn new(server: Server) -> Self {
        Self { server, grafana: None }
    }

    pub(super) async fn search(
        &self,
        question: &TraceQuestion,
        redact: Redact<'_>,
    ) -> Result<Traces, SignalError> {
        let query = query(question);
        let (from, to) = question.window.in_units_of(1_000_000_000);
        let wanted = question.limit() + 1;
        let parameters = [
            ("q", query.clone()),
            ("start", from.to_string()),
            ("end", to.to_string()),
            ("limit", wanted.to_string()),
            ("spss", "1".to_owned()),
        ];
        let scrub = self.server.scrub(redact);
        let answer = self.server.get(&["api", "search"], &parameters, scrub).await?;
        let answer = answer.unwrap_or_default();
        // A search that found nothing may have no list, but it tells what it cost.
        let is_one = |name: &str, right: fn(&Value) -> bool| answer.get(name).is_some_and(right);
        if !is_one("traces", Value::is_array) && !is_one("metrics", Value::is_object) {
            return Err(self.server.not_understood("it holds no traces of a search"));
        }
        let summaries = json::each(&answer, "traces").map(|it| summary(it, scrub));
        let found: Option<Vec<TraceSummary>> = summaries.collect();
        let found =
            found.ok_or_else(|| self.server.not_understood("a trace has no number or no time"))?;
        let is_full = u32::try_from(found.len()).is_ok_and(|found| found >= wanted);
        let missing = partial(&answer, is_full, scrub);
        let link = self.explore(&query, &question.window);
        Ok(super::traces(question, Heard { found, missing, link, asked: query }))
    }

    pub(super) async fn trace(
        &self,
        id: &str,
        window: Option<&Window>,
        redact: Redact<'_>,
    ) -> Result<Option<Trace>, SignalError> {
        let scrub = self.server.scrub(redact);
        let parameters = window.map(|window| {
            let (from, to) = window.in_units_of(1_000_000_000);
            vec![("start", from.to_string()), ("end", to.to_string())]
        });
        let parameters = parameters.unwrap_or_default();
        let answer = self.server.get(&["api", "v2", "traces", id], &parameters, scrub).await?;
        let Some(answer) = answer else { return Ok(None) };
        let Some(held) = answer.get("trace") else {
            return Err(self.server.not_understood("it holds no trace"));
        };
        let spans = otlp::spans(held, scrub).map_err(|what| self.server.not_understood(what))?;
        let spans = spans.into_iter().filter(|it| it.trace == id);
        let spans = spans.map(|Member { span, .. }| span).collect();
        let found = super::trace(id, spans, partial(&answer, true, scrub), None);
        Ok(found.map(|found| Trace { link: self.page(&found), ..found }))
    }

    /// The page of one trace, with the time in which it was under way.
    fn page(&self, trace: &Trace) -> Option<reqwest::Url> {
        let from = trace.spans.first()?.start;
        let to = trace.spans.iter().map(super::end).max()?;
        let window = Window::new(from, to.checked_add(SignedDuration::from_secs(1)).ok()?)?;
        self.explore(&trace.id, &window)
    }

    fn explore(&self, query: &str, window: &Window) -> Option<reqwest::Url> {
        let grafana = self.grafana.as_ref()?;
        let shown = json!({"queryType": "traceql", "query": query, "tableType": "traces"});
        Some(link::explore(grafana, "tempo", &shown, window))
    }
}

/// The query in TraceQL: all of it holds for one span.
fn query(question: &TraceQuestion) -> String {
    let mut query = format!("{{ resource.service.name = {}", go(&question.service));
    if let Some(at_least) = question.at_least() {
        query.push_str(&format!(" && duration >= {}", nanoseconds(at_least)));
    }
    if question.only_errors {
        query.push_str(" && status = error");
    }
    query.push_str(" }");
    query
}

fn summary(trace: &Value, scrub: Scrub<'_>) -> Option<TraceSummary> {
    let start = json::whole(trace.get("startTimeUnixNano"))?;
    // Absent is 0, as protocol buffers have it.
    let duration = json::whole(trace.get("durationMs")).unwrap_or(0);
    let name = |name: &str| {
        let text = json::text(trace, &[name]).unwrap_or_default();
        // What Tempo writes while the root is not there.
        if text == "<root span not yet received>" { String::new() } else { scrub.name(text) }
    };
    let services = trace.get("serviceStats").and_then(Value::as_object);
    let count = |what: &str| {
        let each = services?.values().map(|it| json::whole(it.get(what)).unwrap_or(0));
        u64::try_from(each.sum::<i128>()).ok()
    };
    Some(TraceSummary {
        id: super::trace_id(json::text(trace, &["traceID"])?)?,
        root_service: name("rootServiceName"),
        root_name: name("rootTraceName"),
        start: Timestamp::from_nanosecond(start).ok()?,
        duration: SignedDuration::from_millis(i64::try_from(duration).ok()?),
        spans: count("spanCount"),
        errors: count("errorCount"),
    })
}

/// What Tempo says it left out. A search that found enough stops early, and nobody misses the rest.
fn partial(answer: &Value, is_full: bool, scrub: Scrub<'_>) -> Vec<String> {
    let mut missing = Vec::new();
    let status = answer.get("status");
    if status.and_then(Value::as_str) == Some("PARTIAL") || json::whole(status) == Some(1) {
        let said = scrub.said(json::text(answer, &["message"]).unwrap_or("it gives no reason"));
        missing.push(format!("Tempo's answer is partial: {said}"));
    }
    let jobs = |name: &str| json::whole(answer.get("metrics").and_then(|it| it.get(name)));
    let (done, all) = (jobs("completedJobs").unwrap_or(0), jobs("totalJobs").unwrap_or(0));
    if done < all && !is_full {
        missing.push(format!("Tempo finished {done} of {all} parts of its search"));
    }
    missing
}
