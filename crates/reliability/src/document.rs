//! This room's parts of the living document: telemetry, objectives, alerts and incidents.
//!
//! A field with a question mark is a column only when somebody uses it; every other one is always
//! there, so that what nobody has filled in shows as a gap.

use governance::kinds::Chapter;
use governance::render::DocumentPart;

use crate::kinds::openslo::Slo;
use crate::kinds::{
    AlertCategory, AlertingStrategy, IncidentPhase, IncidentRole, PostmortemTemplate, Severity,
    SloStandard, TelemetryTool,
};

/// The parts, in the order of the document.
#[must_use]
pub fn document_parts() -> Vec<DocumentPart> {
    vec![
        DocumentPart::table::<TelemetryTool>(
            Chapter::Observability,
            "Telemetry Stack",
            &[
                "signal",
                "chosen=Choice",
                "candidates?",
                "fed_by?",
                "shown_in?",
                "retention?",
                "settled_by?",
            ],
        ),
        DocumentPart::table::<SloStandard>(
            Chapter::Observability,
            "SLIs and SLOs",
            &["window", "indicators", "applies_to", "tiers=Tiers that need them"],
        ),
        DocumentPart::table::<Slo>(
            Chapter::Observability,
            "Objectives",
            &["service", "description", "objectives"],
        ),
        DocumentPart::table::<AlertingStrategy>(
            Chapter::Observability,
            "Alerting",
            &["principles", "every_alert_has", "categories"],
        ),
        DocumentPart::table::<AlertCategory>(
            Chapter::Observability,
            "Alert Categories",
            &["meaning", "reaction", "acknowledge_within?"],
        ),
        DocumentPart::table::<Severity>(
            Chapter::Incidents,
            "Severities",
            &[
                "meaning",
                "examples",
                "respond_within=Response time",
                "update_every=Time between updates",
                "category?",
                "postmortem?",
                "settled_by?",
            ],
        ),
        DocumentPart::table::<IncidentRole>(
            Chapter::Incidents,
            "Roles",
            &["does", "speaks_to?", "domains?", "filled_from?"],
        ),
        DocumentPart::table::<IncidentPhase>(
            Chapter::Incidents,
            "Phases",
            &[
                "goal",
                "within=Time limit?",
                "within_business_days=Limit in business days?",
                "limit_undecided=Limit still open?",
            ],
        ),
        DocumentPart::table::<PostmortemTemplate>(
            Chapter::Incidents,
            "Postmortems",
            &["blameless", "due_business_days=Deadline in business days", "sections"],
        ),
    ]
}
