//! Sloth specs (`version: prometheus/v1`, and the same as a Kubernetes object), read as they stand.
//!
//! The file has no envelope: `version` says what it is and `service` is its name, so a playbook has one
//! such file a service. The Kubernetes form writes the same fields with capitals (`errorQuery`); both are
//! accepted in both places.
//!
//! Absent on purpose: Sloth's plugins, which are programs. An indicator by a plugin is reported.

use std::collections::BTreeMap;

use playbook::{Bare, Foreign, Spanned};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Sloth: the objectives of one service.
///
/// ```yaml
/// apiVersion: sloth.slok.dev/v1
/// kind: PrometheusServiceLevel
/// metadata:
///   name: checkout
/// spec:
///   service: checkout
///   slos:
///     - name: availability
///       objective: 99.9
///       sli:
///         events:
///           errorQuery: sum(rate(http_requests_total{code=~"5.."}[{{.window}}]))
///           totalQuery: sum(rate(http_requests_total[{{.window}}]))
///       alerting:
///         name: CheckoutAvailability
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SlothSpec {
    /// `prometheus/v1`, in a file without an envelope.
    pub version: Option<String>,
    /// The service.
    pub service: Spanned<String>,
    /// Labels of every series.
    #[serde(default)]
    pub labels: BTreeMap<String, String>,
    /// Plugins of Sloth's, which are not run here.
    #[serde(alias = "sloPlugins")]
    pub slo_plugins: Option<serde_json::Value>,
    /// The objectives.
    pub slos: Vec<SlothSlo>,
}

/// One objective of a Sloth spec.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SlothSlo {
    /// Its name, unique in the service.
    pub name: Spanned<String>,
    /// What it promises.
    pub description: Option<String>,
    /// The part that must be good, in percent.
    pub objective: Spanned<f64>,
    /// Labels of its series.
    #[serde(default)]
    pub labels: BTreeMap<String, String>,
    /// Plugins of Sloth's, which are not run here.
    pub plugins: Option<serde_json::Value>,
    /// How it is measured.
    pub sli: SlothSli,
    /// Its alerts.
    #[serde(default)]
    pub alerting: SlothAlerting,
}

/// How an objective of a Sloth spec is measured; exactly one of the three.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SlothSli {
    /// Bad events and all events.
    pub events: Option<SlothEvents>,
    /// A ratio of errors.
    pub raw: Option<SlothRaw>,
    /// A plugin of Sloth's, which is not run here.
    pub plugin: Option<Spanned<SlothPlugin>>,
}

/// Bad events and all events.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SlothEvents {
    /// Events that did not go well.
    #[serde(alias = "errorQuery")]
    pub error_query: Spanned<String>,
    /// All events.
    #[serde(alias = "totalQuery")]
    pub total_query: Spanned<String>,
}

/// A ratio of errors.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SlothRaw {
    /// The ratio.
    #[serde(alias = "errorRatioQuery")]
    pub error_ratio_query: Spanned<String>,
}

/// An indicator by a plugin.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SlothPlugin {
    /// Its name.
    pub id: String,
    /// What it is told.
    #[serde(default)]
    pub options: BTreeMap<String, String>,
}

/// The alerts of an objective.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SlothAlerting {
    /// The name of the alerts.
    pub name: Option<String>,
    /// Labels of both alerts.
    #[serde(default)]
    pub labels: BTreeMap<String, String>,
    /// Annotations of both alerts.
    #[serde(default)]
    pub annotations: BTreeMap<String, String>,
    /// What is different about the page.
    #[serde(default, alias = "pageAlert")]
    pub page_alert: SlothAlert,
    /// What is different about the ticket.
    #[serde(default, alias = "ticketAlert")]
    pub ticket_alert: SlothAlert,
}

/// What is different about one alert.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SlothAlert {
    /// Whether it is left out.
    #[serde(default)]
    pub disable: bool,
    /// More labels.
    #[serde(default)]
    pub labels: BTreeMap<String, String>,
    /// More annotations.
    #[serde(default)]
    pub annotations: BTreeMap<String, String>,
}

playbook::kind!(SlothSpec, "sloth-spec");

impl Foreign for SlothSpec {
    const API_VERSION: &'static str = "sloth.slok.dev/v1";
    const KIND: &'static str = "PrometheusServiceLevel";
    type Becomes = Self;
    const BARE: Option<Bare> =
        Some(Bare { key: "version", value: "prometheus/v1", name: "service" });

    fn adopt(self) -> Self {
        self
    }
}
