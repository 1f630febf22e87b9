//! What the playbook may declare about reliability, one file a kind.
//!
//! OpenSLO's documents are read as they stand, in `openslo`.

mod alert_category;
mod alerting_strategy;
mod incident_phase;
mod incident_role;
pub mod openslo;
mod postmortem_template;
mod severity;
mod slo_standard;
mod telemetry_tool;

pub use alert_category::{AlertCategory, Reaction};
pub use alerting_strategy::AlertingStrategy;
pub use incident_phase::IncidentPhase;
pub use incident_role::IncidentRole;
pub use postmortem_template::{PostmortemSection, PostmortemTemplate};
pub use severity::Severity;
pub use slo_standard::SloStandard;
pub use telemetry_tool::{Settlement, Signal, TelemetryTool};
