//! Alerting strategy: what every alert must have before it may disturb somebody.

use org::kinds::Seat;
use playbook::Ref;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{AlertCategory, AlertRouting};

/// An alerting strategy: what every alert must have before it may disturb somebody.
///
/// Whom an alert concerns follows from its label `service`: the service's owner has an escalation policy. What it asks of
/// people follows from its label `severity`, which names a category. `routing` says what differs, what keeps what quiet, and
/// which alert always fires.
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
///   routing:
///     routes:
///       - { match: ['team="data"'], category: page }
///     inhibit:
///       - { source: ['alertname="SiteDown"'], target: ['severity=~"page|ticket"'], equal: [site] }
///     watchdogs:
///       - { name: prometheus, match: ['alertname="Watchdog"'], within: 5m }
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
    /// What differs from what follows from ownership.
    pub routing: Option<AlertRouting>,
    /// The seat that answers for it.
    pub owner: Option<Ref<Seat>>,
}

playbook::kind!(AlertingStrategy, "alerting-strategy");
