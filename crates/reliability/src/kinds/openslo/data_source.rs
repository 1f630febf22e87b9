//! OpenSLO `DataSource`: where numbers come from.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::openslo;

/// OpenSLO: a system that indicators are measured with.
///
/// Connection details differ from system to system and are kept as they are. Never put a secret
/// there: name where it is kept.
///
/// ```yaml
/// apiVersion: openslo/v1
/// kind: DataSource
/// metadata:
///   name: prometheus
/// spec:
///   type: Prometheus
///   connectionDetails:
///     url: http://prometheus.example.com
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DataSource {
    /// What it is meant for.
    pub description: Option<String>,
    /// The software, such as `Prometheus`.
    pub r#type: String,
    /// How to reach it, in the software's own words.
    pub connection_details: serde_json::Value,
}

openslo!(DataSource, "DataSource", "data-source");
