//! Alerting strategy: what every alert must have before it may disturb somebody.

use org::kinds::Seat;
use playbook::Ref;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::AlertCategory;

/// An alerting strategy: what every alert must have before it may disturb somebody.
///
/// ```yaml
/// apiVersion: council/v1
/// kind: AlertingStrategy
/// metadata:
///   name: alerting
/// spec:
///   principles:
///     - Whoever is told can do something about it.
///   every_alert_has: [SLO, runbook]
///   categories: [page]
///   owner: observability-incidents
/// ```
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AlertingStrategy {
    /// What holds for all alerts.
    pub principles: Vec<String>,
    /// What an alert without is not deployed.
    #[serde(default)]
    pub every_alert_has: Vec<String>,
    /// The categories, the most urgent first.
    #[serde(default)]
    pub categories: Vec<Ref<AlertCategory>>,
    /// The seat that answers for it.
    pub owner: Option<Ref<Seat>>,
}

playbook::kind!(AlertingStrategy, "alerting-strategy");
