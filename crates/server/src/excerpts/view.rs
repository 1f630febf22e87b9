//! Excerpts as they are shown.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use schemars::JsonSchema;
use serde::Serialize;
use signals::{Excerpt, LogQuestion, Severity, Span, Store, Trace, TraceQuestion, Traces, Url};

use super::covered;

/// What a service wrote.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(crate) struct LogExcerpt {
    /// Who keeps it, such as `Loki`.
    pub(crate) store: String,
    /// The service.
    pub(crate) service: String,
    /// From when on.
    pub(crate) from: Timestamp,
    /// Until when, exclusively.
    pub(crate) to: Timestamp,
    /// The lines, oldest first.
    pub(crate) lines: Vec<LogLine>,
    /// Whether there are more: these are the oldest.
    pub(crate) truncated: bool,
    /// How many there are in all, where the store counts.
    pub(crate) total: Option<u64>,
    /// What the store may have left out, a sentence each.
    pub(crate) missing: Vec<String>,
    /// Where a person sees the same.
    pub(crate) link: Option<String>,
    /// What was asked, in the store's own language.
    pub(crate) asked: String,
}

/// One line.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(crate) struct LogLine {
    /// When.
    pub(crate) at: Timestamp,
    /// How bad it is: trace, debug, info, warn, error or fatal, where the store knows.
    pub(crate) severity: Option<&'static str>,
    /// What it says, with what looks like a secret covered.
    pub(crate) text: String,
    /// What the store keeps beside it.
    pub(crate) labels: BTreeMap<String, String>,
}

/// Traces with a service in them.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(crate) struct TraceList {
    /// Who keeps them, such as `Tempo`.
    pub(crate) store: String,
    /// The service.
    pub(crate) service: String,
    /// From when on.
    pub(crate) from: Timestamp,
    /// Until when, exclusively.
    pub(crate) to: Timestamp,
    /// The traces, oldest first.
    pub(crate) found: Vec<TraceRow>,
    /// Whether there are more.
    pub(crate) truncated: bool,
    /// What the store may have left out, a sentence each.
    pub(crate) missing: Vec<String>,
    /// Where a person sees the same.
    pub(crate) link: Option<String>,
    /// What was asked, in the store's own language.
    pub(crate) asked: String,
}

/// One trace in short.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(crate) struct TraceRow {
    /// Its number.
    pub(crate) id: String,
    /// Whose its first span is; empty when that is not there yet.
    pub(crate) root_service: String,
    /// That span's name.
    pub(crate) root_name: String,
    /// When it began.
    pub(crate) start: Timestamp,
    /// How long it took.
    pub(crate) milliseconds: f64,
    /// How many spans it has, where the store counts.
    pub(crate) spans: Option<u64>,
    /// How many of them failed, where the store counts.
    pub(crate) errors: Option<u64>,
}

/// One trace whole.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(crate) struct TraceDetail {
    /// Who keeps it.
    pub(crate) store: String,
    /// Its number.
    pub(crate) id: String,
    /// When its first span began; null when it has none.
    pub(crate) start: Option<Timestamp>,
    /// How long it took from there to the end of its last span.
    pub(crate) milliseconds: f64,
    /// Its spans: parents before their children, children by their start.
    pub(crate) spans: Vec<SpanRow>,
    /// What is not there, a sentence each.
    pub(crate) missing: Vec<String>,
    /// Where a person sees it.
    pub(crate) link: Option<String>,
}

/// One span.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(crate) struct SpanRow {
    /// Its number.
    pub(crate) id: String,
    /// Its parent's, if that is among the spans.
    pub(crate) parent: Option<String>,
    /// How deep below a span without a parent.
    pub(crate) depth: usize,
    /// Whose it is.
    pub(crate) service: String,
    /// What was done.
    pub(crate) name: String,
    /// How long after the trace's beginning it began.
    pub(crate) after_milliseconds: f64,
    /// How long it took.
    pub(crate) milliseconds: f64,
    /// Whether it failed.
    pub(crate) failed: bool,
    /// What it said of its failure; empty when it said nothing.
    pub(crate) said: String,
    /// Its attributes.
    pub(crate) attributes: BTreeMap<String, String>,
}

impl LogExcerpt {
    pub(super) fn of(store: Store, question: &LogQuestion, found: Excerpt) -> Self {
        let line = |line: signals::Line| LogLine {
            at: line.at,
            severity: line.severity.map(word),
            text: line.text,
            labels: line.labels,
        };
        Self {
            store: store.to_string(),
            service: question.service.clone(),
            from: question.window.from(),
            to: question.window.to(),
            lines: found.lines.into_iter().map(line).collect(),
            truncated: found.truncated,
            total: found.total,
            missing: found.missing,
            // Whoever looks for a secret does not spread it by a link.
            link: link(found.link)
                .filter(|_| question.text.as_ref().is_none_or(|text| covered(text) == *text)),
            asked: covered(&found.asked),
        }
    }
}

impl TraceList {
    pub(super) fn of(store: Store, question: &TraceQuestion, found: Traces) -> Self {
        let row = |trace: signals::TraceSummary| TraceRow {
            id: trace.id,
            root_service: trace.root_service,
            root_name: trace.root_name,
            start: trace.start,
            milliseconds: milliseconds(trace.duration),
            spans: trace.spans,
            errors: trace.errors,
        };
        Self {
            store: store.to_string(),
            service: question.service.clone(),
            from: question.window.from(),
            to: question.window.to(),
            found: found.found.into_iter().map(row).collect(),
            truncated: found.truncated,
            missing: found.missing,
            link: link(found.link),
            asked: covered(&found.asked),
        }
    }
}

impl TraceDetail {
    pub(super) fn of(store: Store, found: Trace) -> Self {
        let start = found.spans.iter().map(|span| span.start).min();
        let end = |span: &Span| span.start.saturating_add(span.duration).unwrap_or(span.start);
        let whole = start.zip(found.spans.iter().map(end).max());
        let length = whole.map(|(start, end)| end.duration_since(start)).unwrap_or_default();
        Self {
            store: store.to_string(),
            id: found.id,
            start,
            milliseconds: milliseconds(length),
            spans: start.map(|start| ordered(found.spans, start)).unwrap_or_default(),
            missing: found.missing,
            link: link(found.link),
        }
    }
}

/// The spans as a tree is read: each under its parent. One whose parent is not there is a root; of spans that are each other's
/// parents none is reached from a root, and they come last.
fn ordered(spans: Vec<Span>, begin: Timestamp) -> Vec<SpanRow> {
    let known: BTreeMap<&str, usize> =
        spans.iter().enumerate().map(|(at, span)| (span.id.as_str(), at)).collect();
    let parent = |span: &Span| known.get(span.parent.as_deref()?).copied();
    let mut children: BTreeMap<Option<usize>, Vec<usize>> = BTreeMap::new();
    for (at, span) in spans.iter().enumerate() {
        children.entry(parent(span)).or_default().push(at);
    }
    let mut left: Vec<(usize, usize)> = Vec::new();
    let mut order: Vec<(usize, usize)> = Vec::with_capacity(spans.len());
    let mut reached = vec![false; spans.len()];
    let roots = children.get(&None).cloned().unwrap_or_default();
    for begin in roots.into_iter().chain(0..spans.len()) {
        left.push((begin, 0));
        while let Some((at, depth)) = left.pop() {
            let Some(reached) = reached.get_mut(at).filter(|reached| !**reached) else { continue };
            *reached = true;
            order.push((at, depth));
            let below = children.get(&Some(at)).into_iter().flatten().rev();
            left.extend(below.map(|child| (*child, depth.saturating_add(1))));
        }
    }
    let depths: BTreeMap<usize, (usize, usize)> =
        order.into_iter().enumerate().map(|(place, (at, depth))| (at, (place, depth))).collect();
    let has_parent: Vec<bool> = spans.iter().map(|span| parent(span).is_some()).collect();
    let mut rows: Vec<(usize, SpanRow)> = spans
        .into_iter()
        .zip(has_parent)
        .enumerate()
        .map(|(at, (span, has_parent))| {
            let (place, depth) = depths.get(&at).copied().unwrap_or((at, 0));
            let row = SpanRow {
                parent: span.parent.filter(|_| has_parent),
                id: span.id,
                depth,
                service: span.service,
                name: span.name,
                after_milliseconds: milliseconds(span.start.duration_since(begin)),
                milliseconds: milliseconds(span.duration),
                failed: span.failed,
                said: span.said,
                attributes: span.attributes,
            };
            (place, row)
        })
        .collect();
    rows.sort_by_key(|(place, _)| *place);
    rows.into_iter().map(|(_, row)| row).collect()
}

fn milliseconds(length: SignedDuration) -> f64 {
    length.as_secs_f64() * 1e3
}

fn link(url: Option<Url>) -> Option<String> {
    url.map(String::from)
}

fn word(severity: Severity) -> &'static str {
    match severity {
        Severity::Trace => "trace",
        Severity::Debug => "debug",
        Severity::Info => "info",
        Severity::Warn => "warn",
        Severity::Error => "error",
        Severity::Fatal => "fatal",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(id: &str, parent: Option<&str>, after: i64) -> Span {
        Span {
            id: id.to_owned(),
            parent: parent.map(str::to_owned),
            service: "shop".to_owned(),
            name: id.to_owned(),
            start: Timestamp::UNIX_EPOCH + SignedDuration::from_millis(after),
            duration: SignedDuration::from_millis(5),
            failed: false,
            said: String::new(),
            attributes: BTreeMap::new(),
        }
    }

    #[test]
    fn spans_stand_under_their_parents_and_none_is_lost() {
        let spans = vec![
            span("a", None, 0),
            span("b", Some("a"), 1),
            span("c", Some("b"), 2),
            span("d", Some("a"), 3),
            span("e", Some("gone"), 4),
            span("f", Some("g"), 5),
            span("g", Some("f"), 6),
        ];
        let rows = ordered(spans, Timestamp::UNIX_EPOCH);
        let seen: Vec<_> = rows.iter().map(|row| (row.id.as_str(), row.depth)).collect();
        assert_eq!(seen, [("a", 0), ("b", 1), ("c", 2), ("d", 1), ("e", 0), ("f", 0), ("g", 1)]);
        assert_eq!(rows[4].parent, None, "a parent that is not there is none");
        assert!((rows[2].after_milliseconds - 2.0).abs() < 1e-9);
    }
}
