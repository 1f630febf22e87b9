//! Kinds and rules of this room, in one list.

use playbook::Vocabulary;

use crate::checks;
use crate::kinds::openslo::{
    AlertCondition, AlertNotificationTarget, AlertPolicy, DataSource, OpensloService, Sli, Slo,
};
use crate::kinds::{
    AlertCategory, AlertingStrategy, ContactPolicy, EscalationPolicy, IncidentPhase, IncidentRole,
    NoticeDuty, NotificationChannel, OnCallTerms, Override, PostmortemTemplate, Probe, Runbook,
    Schedule, Severity, SloStandard, SlothSpec, StatusPage, TelemetryTool,
};

/// Adds this room's kinds and rules, and OpenSLO's documents.
#[must_use]
pub fn vocabulary(vocabulary: Vocabulary) -> Vocabulary {
    vocabulary
        .kind::<TelemetryTool>()
        .kind::<SloStandard>()
        .kind::<AlertingStrategy>()
        .kind::<AlertCategory>()
        .kind::<Severity>()
        .kind::<IncidentRole>()
        .kind::<IncidentPhase>()
        .kind::<PostmortemTemplate>()
        .document::<Runbook>()
        .kind::<Schedule>()
        .kind::<Override>()
        .kind::<EscalationPolicy>()
        .kind::<ContactPolicy>()
        .kind::<OnCallTerms>()
        .kind::<NotificationChannel>()
        .kind::<NoticeDuty>()
        .kind::<StatusPage>()
        .kind::<Probe>()
        .foreign::<OpensloService>()
        .foreign::<DataSource>()
        .foreign::<Sli>()
        .foreign::<Slo>()
        .foreign::<AlertPolicy>()
        .foreign::<AlertCondition>()
        .foreign::<AlertNotificationTarget>()
        .foreign::<SlothSpec>()
        .rules(checks::ALL)
}

/// What this room's tests read playbooks with.
#[cfg(test)]
pub(crate) const TRIAL: trial::Trial = trial::Trial::of(&[org::vocabulary, vocabulary]);
