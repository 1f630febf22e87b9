//! What the playbook may declare about reliability, one file a kind.
//!
//! OpenSLO's documents are read as they stand, in `openslo`.

mod alert_category;
mod alert_routing;
mod alerting_strategy;
mod amount;
mod contact_policy;
mod escalation_policy;
mod incident_phase;
mod incident_role;
mod notice_duty;
mod notification_channel;
mod on_call_terms;
pub mod openslo;
mod r#override;
mod postmortem_template;
mod probe;
pub mod runbook;
mod schedule;
mod severity;
mod slo_standard;
mod sloth;
mod status_page;
mod telemetry_tool;

pub use alert_category::{AlertCategory, Reaction};
pub use alert_routing::{AlertRoute, AlertRouting, Inhibition, Watchdog};
pub use alerting_strategy::AlertingStrategy;
pub use amount::Amount;
pub use contact_policy::{Channel, ContactPolicy, Way};
pub use escalation_policy::{Escalated, EscalationPolicy, EscalationStep, Responder};
pub use incident_phase::IncidentPhase;
pub use incident_role::IncidentRole;
pub use notice_duty::{Limit, NoticeDuty, Since};
pub use notification_channel::NotificationChannel;
pub use on_call_terms::{CallOuts, OnCallTerms, Pay, Waiting};
pub use r#override::Override;
pub use postmortem_template::{PostmortemSection, PostmortemTemplate};
pub use probe::{
    DnsProbe, HttpProbe, Probe, RecordType, StatusRange, TcpProbe, TlsProbe, host_and_port,
};
pub use runbook::{Parameter, Runbook, Step, StepFault};
pub use schedule::{Layer, Member, Rotation, Schedule, Stretch};
pub use severity::{ProposedWhen, Severity};
pub use slo_standard::SloStandard;
pub use sloth::{
    SlothAlert, SlothAlerting, SlothEvents, SlothPlugin, SlothRaw, SlothSli, SlothSlo, SlothSpec,
};
pub use status_page::{Component, StatusPage};
pub use telemetry_tool::{
    Settlement, Signal, TelemetryAccess, TelemetryPage, TelemetryStore, TelemetryTool,
};
