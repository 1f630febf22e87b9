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
//! `tests/conformance.rs` holds every store to the same demands. It always runs against the emulators in `tests/emulators`; it
//! runs against a real server as well when a variable names one:
//!
//! | variable | what | how one is started on loopback |
//! |---|---|---|
//! | `COUNCIL_TEST_LOKI` | Loki 3 | `loki -config.file=loki-local-config.yaml`, port 3100 |
//! | `COUNCIL_TEST_TEMPO`, `COUNCIL_TEST_TEMPO_OTLP` | Tempo 2.7 or later | `tempo -config.file=…`, ports 3200 and 4318 |
//! | `COUNCIL_TEST_JAEGER`, `COUNCIL_TEST_JAEGER_OTLP` | Jaeger 2 | `jaeger` without arguments, ports 16686 and 4318 |
//! | `COUNCIL_TEST_ELASTICSEARCH`, `COUNCIL_TEST_OPENSEARCH` | 8 or later; 2 or later | a node without security, port 9200 |
//! | `COUNCIL_TEST_GRAYLOG`, `COUNCIL_TEST_GRAYLOG_GELF` | Graylog 6 or later | ports 9000 and, a GELF HTTP input, 12201 |
//!
//! Each holds a base address such as `http://127.0.0.1:3100`, with `user:password@` before the host where one is needed. Loki,
//! Tempo and Jaeger are Go programs: `go build ./cmd/loki` (`./cmd/tempo`, `./cmd/jaeger`) in their source trees makes one
//! file each, in ten minutes or so; nothing of the test command does that.

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
