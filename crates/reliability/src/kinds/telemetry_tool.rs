//! Telemetry tool: what collects one signal, chosen or still open, and how council asks it.

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
///   access:
///     speaks: loki
///     url: https://loki.eu-1.example.org
///     secret_from: LOKI_TOKEN
///     page: { url: https://grafana.example.org, source: loki-eu-1 }
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
    /// How council asks it for what a service wrote or did, for the timeline of an incident. Logs and traces only: numbers are
    /// asked of a `DataSource`.
    pub access: Option<TelemetryAccess>,
}

/// How a store of logs or traces is asked.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TelemetryAccess {
    /// Which interface it has.
    pub speaks: Spanned<TelemetryStore>,
    /// Where it answers, without the path of its interface.
    pub url: Spanned<String>,
    /// The label or field that holds the service's name; the store's usual one when left out.
    pub service_field: Option<String>,
    /// The indices to search, such as `logs-*`. Elasticsearch and OpenSearch only.
    pub index: Option<String>,
    /// The tenant, where there are several. Loki and Tempo only.
    pub tenant: Option<String>,
    /// Who signs in, by name and password; with a token, when left out.
    pub user: Option<String>,
    /// The environment variable that holds the password or the token.
    pub secret_from: Option<String>,
    /// Where a person sees the same.
    pub page: Option<TelemetryPage>,
}

/// Where a person looks at logs or traces.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TelemetryPage {
    /// The address of Grafana, Kibana or OpenSearch Dashboards.
    pub url: Spanned<String>,
    /// The data source's `uid` in Grafana, or the id of the data view.
    pub source: Option<String>,
}

/// An interface of logs or traces.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum TelemetryStore {
    /// Grafana Loki's, for logs.
    Loki,
    /// Elasticsearch's, for logs.
    Elasticsearch,
    /// OpenSearch's, for logs.
    Opensearch,
    /// Graylog's, for logs.
    Graylog,
    /// Jaeger's from 2.19 on, for traces.
    Jaeger,
    /// Jaeger's of version 1, and of 2 up to 2.20, for traces.
    #[serde(rename = "jaeger-1")]
    Jaeger1,
    /// Grafana Tempo's, for traces.
    Tempo,
}

impl TelemetryStore {
    /// The signal that it keeps.
    pub fn keeps(self) -> Signal {
        match self {
            Self::Loki | Self::Elasticsearch | Self::Opensearch | Self::Graylog => Signal::Logs,
            Self::Jaeger | Self::Jaeger1 | Self::Tempo => Signal::Traces,
        }
    }

    /// The name that people know.
    pub fn title(self) -> &'static str {
        match self {
            Self::Loki => "Loki",
            Self::Elasticsearch => "Elasticsearch",
            Self::Opensearch => "OpenSearch",
            Self::Graylog => "Graylog",
            Self::Jaeger | Self::Jaeger1 => "Jaeger",
            Self::Tempo => "Tempo",
        }
    }
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
