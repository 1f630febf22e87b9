//! What is answered: lines, traces and spans, each answer with what it may lack.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use reqwest::Url;

use crate::Severity;

/// Lines of a service.
#[derive(Clone, Debug)]
pub struct Excerpt {
    /// The lines, oldest first; lines of one moment in the store's order.
    pub lines: Vec<Line>,
    /// Whether there are more, or may be: these are the oldest.
    pub truncated: bool,
    /// How many match in all, where the store counts; Loki and Graylog do not, and Elasticsearch and OpenSearch stop at 10,000.
    pub total: Option<u64>,
    /// What the store says it may have left out, a sentence each; empty for a whole answer.
    pub missing: Vec<String>,
    /// Where a person sees the same, if a page was given.
    pub link: Option<Url>,
    /// The query as it was sent, without credentials, but with the words that were looked for, as `link` has them.
    pub asked: String,
}

/// One line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// When, as the store dates it.
    pub at: Timestamp,
    /// How bad it is, where the store knows.
    pub severity: Option<Severity>,
    /// What it says: redacted, harmless, cut. Line ends and tabs in it are kept.
    pub text: String,
    /// What the store keeps beside it, 32 at most.
    pub labels: BTreeMap<String, String>,
}

/// Traces with a service in them.
#[derive(Clone, Debug)]
pub struct Traces {
    /// The traces, oldest first.
    pub found: Vec<TraceSummary>,
    /// Whether there are more, or may be. Which ones a store finds first is its own choice.
    pub truncated: bool,
    /// What the store says it may have left out, a sentence each; empty for a whole answer.
    pub missing: Vec<String>,
    /// Where a person sees the same, if a page was given.
    pub link: Option<Url>,
    /// The query as it was sent, without credentials, but with the words that were looked for, as `link` has them.
    pub asked: String,
}

/// One trace in short.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TraceSummary {
    /// Its number, 32 hexadecimal digits.
    pub id: String,
    /// The service of its first span without a parent; empty when that span is not there (yet).
    pub root_service: String,
    /// That span's name; empty when the span is not there (yet).
    pub root_name: String,
    /// When its first span began.
    pub start: Timestamp,
    /// From there to the end of its last span. Tempo counts whole milliseconds.
    pub duration: SignedDuration,
    /// How many spans it has, where the store counts.
    pub spans: Option<u64>,
    /// How many of them failed, where the store counts.
    pub errors: Option<u64>,
}

/// One trace whole.
#[derive(Clone, Debug)]
pub struct Trace {
    /// Its number, 32 hexadecimal digits.
    pub id: String,
    /// Its spans, by their start.
    pub spans: Vec<Span>,
    /// What is not there, a sentence each; empty for a whole trace.
    pub missing: Vec<String>,
    /// Where a person sees it, if a page was given.
    pub link: Option<Url>,
}

/// One span.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    /// Its number, 16 hexadecimal digits.
    pub id: String,
    /// Its parent's number; nothing for the root. The parent may not be among the spans.
    pub parent: Option<String>,
    /// Whose it is (`service.name`).
    pub service: String,
    /// What was done.
    pub name: String,
    /// When it began.
    pub start: Timestamp,
    /// How long it took.
    pub duration: SignedDuration,
    /// Whether it failed (status `ERROR`).
    pub failed: bool,
    /// What it said of its failure; empty when it said nothing.
    pub said: String,
    /// Its attributes, 32 at most.
    pub attributes: BTreeMap<String, String>,
}
