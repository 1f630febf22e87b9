//! How the outside sees how it goes: health, metrics, logs, traces.
//!
//! Nothing leaves the machine unless `OTEL_EXPORTER_OTLP_ENDPOINT` says where to.

pub mod health;
pub mod logs;
pub(crate) mod metrics;
pub(crate) mod requests;
mod traces;
