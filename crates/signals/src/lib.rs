//! Logs and traces of a service in a window of time, from the store that keeps them: evidence for an incident's timeline.
//!
//! A [`LogStore`] is Loki, Elasticsearch, OpenSearch or Graylog; all answer the same [`LogQuestion`] with an [`Excerpt`].
//! A [`TraceStore`] is Jaeger or Tempo; both answer a [`TraceQuestion`] with [`Traces`], and the number of one trace with a
//! [`Trace`], whose spans name their parents, so that a waterfall can be drawn. Every answer carries the query as it was
//! sent and, where the address of a page was given, a link at which a person sees the same.
//!
//! Invariants:
//! * A window's end is outside of it. Lines come oldest first; of too many, the oldest are kept, because causes come before
//!   effects, and the answer says that it was cut.
//! * What a store says it may have left out stands in `missing`. An answer is never silently partial.
//! * Text of a store is foreign: bytes that are no UTF-8 are replaced, control characters and marks that turn the direction of
//!   writing are shown instead of obeyed, long lines are cut with a mark, and every text goes through the caller's [`Redact`]
//!   before it is cut and before it leaves this crate, the store's own words in an error included.
//! * Credentials are in no `Debug`, no error, no link and no record of a query.
//! * An answer has a limit of bytes and of time ([`Limits`]).
//! * What a person or a playbook wrote is quoted in the query's language; no text can widen a query.
//!
//! Absent on purpose: a clock, retries, caches, live tails, metrics queries, and what an incident is.
//!
//! # The real servers
//!
//! `tests/conformance` holds every store to the same demands. It always asks the emulators in `tests/conformance/emulators`, and
//! a real server as well when variables name one:
//!
//! | variables | what | started on loopback by |
//! |---|---|---|
//! | `COUNCIL_TEST_LOKI` | Loki 3 | `loki -config.file=tests/real/loki.yaml` |
//! | `COUNCIL_TEST_TEMPO`, `COUNCIL_TEST_TEMPO_OTLP` | Tempo 2.7 or later | `tempo -config.file=tests/real/tempo.yaml` |
//! | `COUNCIL_TEST_JAEGER`, `COUNCIL_TEST_JAEGER_OTLP` | Jaeger 2.19 or later | `jaeger --config tests/real/jaeger.yaml` |
//! | `COUNCIL_TEST_JAEGER_OLD`, `COUNCIL_TEST_JAEGER_OLD_OTLP` | an older Jaeger | `jaeger-all-in-one` |
//! | `COUNCIL_TEST_ELASTICSEARCH` | Elasticsearch 7.10 or later | a node without security |
//! | `COUNCIL_TEST_OPENSEARCH` | OpenSearch | a node without security |
//! | `COUNCIL_TEST_GRAYLOG`, `COUNCIL_TEST_GRAYLOG_GELF` | Graylog 5 or later | a node, with an input for GELF over HTTP |
//!
//! Each variable holds a base address such as `http://127.0.0.1:43100`, with `user:password@` before the host where one is needed;
//! those in `_OTLP` and `_GELF` say where spans and messages are pushed to. The files in `tests/real` name their ports. What is
//! pushed stays there: do not point the variables at a store that people use.

#![warn(missing_docs)]

mod answer;
mod json;
mod link;
mod logs;
mod question;
mod quote;
mod server;
mod severity;
mod text;
mod traces;
mod trouble;

pub use answer::{Excerpt, Line, Span, Trace, TraceSummary, Traces};
pub use link::{Grafana, Page};
pub use logs::{Elastic, Fields, Graylog, LogStore, Loki};
pub use question::{LogQuestion, MOST_LINES, MOST_TRACES, TraceQuestion, Window};
pub use reqwest::Url;
pub use server::{Credentials, Limits, Server};
pub use severity::Severity;
pub use text::Redact;
pub use traces::{Jaeger, JaegerApi, MOST_SPANS, Tempo, TraceStore};
pub use trouble::{SignalError, Store};

#[cfg(test)]
mod tests {
    use super::*;

    /// Servers do their work on many threads.
    #[expect(dead_code, reason = "that it compiles is the test")]
    fn everything_may_move_between_threads(
        (logs, lines): (&LogStore, &LogQuestion),
        (traces, spans): (&TraceStore, &TraceQuestion),
        redact: Redact<'_>,
    ) {
        fn may_move(_: impl Send) {}
        may_move(logs.excerpt(lines, redact));
        may_move(traces.search(spans, redact));
        may_move(traces.trace("1", None, redact));
    }
}
