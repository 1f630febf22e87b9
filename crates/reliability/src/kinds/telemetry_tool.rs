//! Telemetry tool: what collects one signal, chosen or still open.

use org::kinds::Seat;
use playbook::{OneOf, Ref, Spanned};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

playbook::family! {
    /// Where an undecided matter is or was settled: an open question or a decision.
    pub Settlement = "question" | "decision"
}

/// A telemetry tool: what collects, stores and shows one signal.
///
/// While several are possible, `candidates` lists them and `chosen` stays out; `settled_by` names the
/// question that is open, or the decision that closed it.
///
/// ```yaml
/// apiVersion: council/v1
/// kind: TelemetryTool
/// metadata:
///   name: logs
/// spec:
///   signal: logs
///   candidates: [Loki, ELK, Graylog]
///   chosen: Loki
///   settled_by: decision/0012-loki
///   shown_in: Grafana
///   retention: 30 days
///   owner: observability-incidents
/// ```
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TelemetryTool {
    /// What it collects.
    pub signal: Signal,
    /// What was chosen. Left out while nobody has decided.
    pub chosen: Option<Spanned<String>>,
    /// What could be chosen.
    #[serde(default)]
    pub candidates: Vec<String>,
    /// Where the choice is or was settled.
    pub settled_by: Option<OneOf<Settlement>>,
    /// What feeds it, such as exporters and agents.
    #[serde(default)]
    pub fed_by: Vec<String>,
    /// Where people look at it.
    pub shown_in: Option<String>,
    /// Whether we need it at all yet.
    #[serde(default)]
    pub optional: bool,
    /// How long data is kept.
    pub retention: Option<String>,
    /// The seat that answers for it.
    pub owner: Option<Ref<Seat>>,
}

/// A signal.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Signal {
    /// Numbers over time.
    Metrics,
    /// Lines of text.
    Logs,
    /// The way of one request through many services.
    Traces,
    /// Where time and memory go inside a program.
    Profiles,
}

playbook::kind!(TelemetryTool, "telemetry-tool");
