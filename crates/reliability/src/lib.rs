//! The Observability & Incident Analyst's room: telemetry, objectives, alerts and incidents.
//!
//! The council's own kinds say how we work (categories, severities, roles, phases, postmortems, schedules,
//! escalation); the objectives themselves are OpenSLO v1 documents, read as they stand. [`oncall`] says who
//! is on call and what the years will bring; [`record`] is what happens in incidents, postmortems and
//! swaps; [`severity`], [`notices`] and [`language`] help those who work on one.
//!
//! Invariants: pure; targets and thresholds are judged as numbers, never evaluated against anything; who is
//! on call follows from playbook and record alone, at any moment, past or to come.
//!
//! [`alerts`] says what alerts are, whom they concern and what keeps them quiet.
//! [`slo`] lowers OpenSLO documents and Sloth specs into one value; [`render`] makes rules, tests and dashboards of it, and
//! `slo::budget` counts what was measured against it. [`promql`] says where a query cannot be read. What cannot be rendered
//! or is not known is said, never dropped.
//!
//! Absent on purpose: asking Prometheus, and deliveries. Samples come in as arguments; whoever has to be told is named
//! here, and told elsewhere.

pub mod alerts;
mod checks;
mod document;
pub mod kinds;
pub mod language;
pub mod notices;
pub mod oncall;
pub mod promql;
#[cfg(test)]
mod promtool;
pub mod record;
pub mod render;
pub mod severity;
pub mod slo;
#[cfg(test)]
mod testing;
pub mod views;
mod vocabulary;
pub mod who;

pub use document::document_parts;
pub use kinds::{
    AlertCategory, AlertingStrategy, ContactPolicy, EscalationPolicy, IncidentPhase, IncidentRole,
    NoticeDuty, OnCallTerms, Override, PostmortemTemplate, Schedule, Severity, SloStandard,
    TelemetryTool,
};
pub use vocabulary::vocabulary;
