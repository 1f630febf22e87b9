//! OpenSLO `SLI`: how to measure whether users are served well.

use std::collections::BTreeMap;

use playbook::{Ref, Spanned};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{DataSource, openslo};

/// OpenSLO: a service level indicator, which measures whether users are served well.
///
/// Either a threshold metric, which an objective compares with a value, or a ratio: good or bad
/// events out of all, or a ratio that is already computed (`raw`).
///
/// ```yaml
/// apiVersion: openslo/v1
/// kind: SLI
/// metadata:
///   name: checkout-availability
/// spec:
///   description: Requests that were not answered with an error of ours.
///   ratioMetric:
///     counter: true
///     good:
///       metricSource:
///         metricSourceRef: prometheus
///         spec: { query: 'http_requests_total{code!~"5.."}' }
///     total:
///       metricSource:
///         metricSourceRef: prometheus
///         spec: { query: http_requests_total }
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Sli {
    /// What it measures, at most 1050 characters.
    pub description: Option<String>,
    /// A number that an objective compares with a value.
    pub threshold_metric: Option<Spanned<ThresholdMetric>>,
    /// A part of a whole.
    pub ratio_metric: Option<Spanned<RatioMetric>>,
}

/// A number that an objective compares with a value.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ThresholdMetric {
    /// Where the number comes from.
    pub metric_source: MetricSource,
}

/// A part of a whole: good or bad out of total, or a ratio that is already computed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RatioMetric {
    /// Whether the numbers only ever grow.
    pub counter: Option<bool>,
    /// Events that went well.
    pub good: Option<Metric>,
    /// Events that did not.
    pub bad: Option<Metric>,
    /// All events.
    pub total: Option<Metric>,
    /// Whether the computed ratio counts successes or failures.
    pub raw_type: Option<RawType>,
    /// The computed ratio.
    pub raw: Option<Metric>,
}

/// What a computed ratio counts.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum RawType {
    /// What went well.
    Success,
    /// What did not.
    Failure,
}

/// One number.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Metric {
    /// Where it comes from.
    pub metric_source: MetricSource,
}

/// Where a number comes from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct MetricSource {
    /// The data source.
    pub metric_source_ref: Option<Ref<DataSource>>,
    /// Its software, for a source that is not declared.
    pub r#type: Option<String>,
    /// The query, in the software's own words.
    pub spec: Option<BTreeMap<String, Spanned<serde_json::Value>>>,
}

openslo!(Sli, "SLI", "sli");
