//! Metrics that services push by OTLP/HTTP, counted into good and bad events, for who has no store of metrics that would.
//!
//! [`decode`] reads a pushed body into a [`Batch`], or says in a [`Refusal`] with which HTTP status it is sent back. A
//! [`Selector`] says what an indicator counts. A [`Counter`] takes batches and answers by how much each selector grew in which
//! steps of five minutes; [`answer`] tells the sender what of it was not taken.
//!
//! Invariants:
//! * No event is counted twice: neither when a batch is sent again, nor when points come in another order, nor when a series was
//!   forgotten and comes back, nor when this process began anew (`since` of a [`Selector`] is then the new beginning).
//! * What is counted never exceeds what was sent. Where it cannot be known how much is new, nothing is counted: the first point
//!   of a cumulative series that began before `since` or more than an hour ago is only a baseline.
//! * Totals are whole numbers and exact; only their spreading over steps is an assumption (evenly over the point's interval).
//! * Nothing is dropped silently: what was not taken stands in [`Taken`] by [`Reason`], for the sender and by selector.
//! * Bytes, parts, attributes and remembered series have limits; unpacking stops at its limit.
//! * No attribute and no value is kept: a series is remembered by a digest, and by the moments and amounts that were counted.
//!
//! Absent on purpose: a clock, a socket, traces and logs, gauges (they count no events), counters that may fall, gRPC, quantiles of
//! summaries, and the unpacking of anything but gzip.
//!
//! The protocol: OTLP 1.10, "OTLP/HTTP" and "JSON Protobuf Encoding"; the data model: OpenTelemetry's "Metrics Data Model",
//! "Temporality", "Resets and Gaps", "Overlap". One difference: in JSON, `"NaN"` and `"Infinity"` for a double, which
//! protobuf's mapping takes, make a point, or all points of a histogram, unreadable: [`Reason::Malformed`].
//!
//! # The real sender
//!
//! `COUNCIL_TEST_OTLP_PYTHON` may name a Python with `opentelemetry-sdk` and `opentelemetry-exporter-otlp-proto-http`, which then
//! pushes to a receiver in the tests. They say when they did without.

#![warn(missing_docs)]

mod answer;
mod batch;
mod boundary;
mod counter;
mod cover;
mod decode;
mod epoch;
mod measure;
mod refusal;
mod selector;
mod series;
mod step;
mod taken;
mod text;
mod weigh;

pub use answer::{answer, refuse};
pub use batch::Batch;
pub use counter::{Bounds, Counter};
pub use decode::{Limits, decode};
pub use refusal::Refusal;
pub use selector::{BadPattern, Condition, Is, Of, Pattern, Selector, What};
pub use step::STEP;
pub use taken::{Reason, Taken};
