//! The Observability & Incident Analyst's room: telemetry, objectives, alerts and incidents.
//!
//! The council's own kinds say how we work (categories, severities, roles, phases, postmortems); the
//! objectives themselves are OpenSLO v1 documents, read as they stand.
//!
//! Invariants: pure; targets and thresholds are judged as numbers, never evaluated against anything.
//!
//! Absent on purpose: Prometheus, alert rules and running incidents. What burns is observed; what
//! happened stands in the ledger.

mod checks;
mod document;
pub mod kinds;
pub mod oncall;
pub mod record;
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
