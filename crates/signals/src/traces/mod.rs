//! Stores of traces: Jaeger and Tempo, one question, one answer.

mod jaeger;
mod jaeger_old;
mod otlp;
mod tempo;

pub use jaeger::{Jaeger, JaegerApi};
pub use tempo::Tempo;

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use reqwest::Url;

use crate::question::check_service;
use crate::{Redact, SignalError, Span, Store, Trace, TraceQuestion, TraceSummary, Traces, Window};

/// The most spans of one trace that are handed on; of more, the earliest.
pub const MOST_SPANS: usize = 10_000;

/// What keeps traces.
#[derive(Clone, Debug)]
pub enum TraceStore {
    /// Jaeger.
    Jaeger(Jaeger),
    /// Grafana Tempo.
    Tempo(Tempo),
}

impl TraceStore {
    /// Whose store it is.
    #[must_use]
    pub fn store(&self) -> Store {
        match self {
            Self::Jaeger(jaeger) => jaeger.server.store(),
            Self::Tempo(tempo) => tempo.server.store(),
        }
    }

    /// Searches traces in which a service took part. `redact` sees every text before it leaves this crate.
    ///
    /// # Errors
    /// When nobody answers in time, credentials do not suffice, the store refuses, or its answer is too large or not understood;
    /// and when the question cannot be asked.
    pub async fn search(
        &self,
        question: &TraceQuestion,
        redact: Redact<'_>,
    ) -> Result<Traces, SignalError> {
        check_service(self.store(), &question.service)?;
        match self {
            Self::Jaeger(jaeger) => jaeger.search(question, redact).await,
            Self::Tempo(tempo) => tempo.search(question, redact).await,
        }
    }

    /// Reads one trace by its number; nothing when the store has none. With a window around the trace, stores find it faster.
    ///
    /// # Errors
    /// As [`TraceStore::search`], and when the number is not one: up to 32 hexadecimal digits, not all zero.
    pub async fn trace(
        &self,
        id: &str,
        window: Option<&Window>,
        redact: Redact<'_>,
    ) -> Result<Option<Trace>, SignalError> {
        let Some(id) = trace_id(id) else {
            let why = format!(
                "`{}` is no trace's number, which has 32 hexadecimal digits",
                id.escape_debug()
            );
            return Err(SignalError::Settings { store: self.store(), why });
        };
        match self {
            Self::Jaeger(jaeger) => jaeger.trace(&id, window, redact).await,
            Self::Tempo(tempo) => tempo.trace(&id, window, redact).await,
        }
    }
}

/// A trace's number in full length: stores drop zeros at its front.
fn trace_id(text: &str) -> Option<String> {
    let is_one = (1..=32).contains(&text.len()) && text.chars().all(|c| c.is_ascii_hexdigit());
    let is_zero = text.chars().all(|c| c == '0');
    (is_one && !is_zero).then(|| format!("{:0>32}", text.to_ascii_lowercase()))
}

/// A span with the trace that it belongs to.
struct Member {
    trace: String,
    span: Span,
}

/// Sums up the spans of one trace.
fn summary(id: String, spans: &[Span]) -> Option<TraceSummary> {
    let start = spans.iter().map(|span| span.start).min()?;
    let end = spans.iter().map(end).max()?;
    let root = spans.iter().filter(|span| span.parent.is_none()).min_by_key(|span| span.start);
    let failed = spans.iter().filter(|span| span.failed).count();
    Some(TraceSummary {
        id,
        root_service: root.map(|root| root.service.clone()).unwrap_or_default(),
        root_name: root.map(|root| root.name.clone()).unwrap_or_default(),
        start,
        duration: end.duration_since(start),
        spans: u64::try_from(spans.len()).ok(),
        errors: u64::try_from(failed).ok(),
    })
}

fn end(span: &Span) -> Timestamp {
    span.start.checked_add(span.duration).unwrap_or(span.start)
}

/// What one answer of a store holds before it is put in order.
struct Heard {
    found: Vec<TraceSummary>,
    missing: Vec<String>,
    link: Option<Url>,
    asked: String,
}

/// Puts traces in order and keeps as many as were asked for.
fn traces(question: &TraceQuestion, heard: Heard) -> Traces {
    let Heard { mut found, missing, link, asked } = heard;
    let limit = usize::try_from(question.limit()).unwrap_or(usize::MAX);
    let truncated = found.len() > limit;
    let window = &question.window;
    // Stores round a window to the unit of their clocks.
    found.retain(|it| {
        let ended = it.start.checked_add(it.duration).unwrap_or(it.start);
        it.start < window.to() && ended >= window.from()
    });
    found.sort_by(|a, b| (a.start, &a.id).cmp(&(b.start, &b.id)));
    found.truncate(limit);
    Traces { found, truncated, missing, link, asked }
}

/// Puts the spans of a trace in order, and says which are not there; nothing when there are none.
fn trace(
    id: &str,
    mut spans: Vec<Span>,
    mut missing: Vec<String>,
    link: Option<Url>,
) -> Option<Trace> {
    if spans.is_empty() {
        return None;
    }
    spans.sort_by(|a, b| (a.start, &a.id).cmp(&(b.start, &b.id)));
    let known: BTreeSet<&str> = spans.iter().map(|span| span.id.as_str()).collect();
    let parents = spans.iter().filter_map(|span| span.parent.as_deref());
    let orphans = parents.filter(|parent| !known.contains(parent)).count();
    if orphans > 0 {
        missing.push(format!("{orphans} spans name a parent that is not there (yet)"));
    }
    if spans.len() > MOST_SPANS {
        missing.push(format!("{} later spans are left out", spans.len() - MOST_SPANS));
        spans.truncate(MOST_SPANS);
    }
    Some(Trace { id: id.to_owned(), spans, missing, link })
}

/// A duration as Go writes one, in whole nanoseconds: both stores read it.
fn nanoseconds(duration: SignedDuration) -> String {
    format!("{}ns", duration.as_nanos())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_made_whole_and_anything_else_is_none() {
        assert_eq!(trace_id("ABC"), Some(format!("{:0>32}", "abc")));
        for wrong in ["", "0", "../x", "g1", &"1".repeat(33)] {
            assert_eq!(trace_id(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn an_orphan_is_said() {
        let span = Span {
            id: "2".to_owned(),
            parent: Some("1".to_owned()),
            service: String::new(),
            name: String::new(),
            start: Timestamp::UNIX_EPOCH,
            duration: SignedDuration::ZERO,
            failed: false,
            said: String::new(),
            attributes: std::collections::BTreeMap::new(),
        };
        let found = trace("1", vec![span.clone()], Vec::new(), None).unwrap();
        assert_eq!(found.missing, ["1 spans name a parent that is not there (yet)"]);
        let many =
            trace("1", vec![Span { parent: None, ..span }; MOST_SPANS + 1], Vec::new(), None);
        assert_eq!(many.unwrap().missing, ["1 later spans are left out"]);
    }
}
