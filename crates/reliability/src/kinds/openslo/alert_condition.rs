//! OpenSLO `AlertCondition`: when a budget burns too fast.

use playbook::Spanned;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Operator, SloDuration, openslo};

/// OpenSLO: a condition under which an SLO alerts.
///
/// ```yaml
/// apiVersion: openslo/v1
/// kind: AlertCondition
/// metadata:
///   name: fast-burn
/// spec:
///   description: Two percent of the month's budget are gone within an hour.
///   severity: page
///   condition:
///     kind: burnrate
///     op: gte
///     threshold: 14.4
///     lookbackWindow: 1h
///     alertAfter: 5m
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AlertCondition {
    /// When it alerts, in words, at most 1050 characters.
    pub description: Option<String>,
    /// How bad it is, in the words of whoever is told.
    pub severity: String,
    /// When it alerts.
    pub condition: Condition,
}

/// When an SLO alerts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Condition {
    /// What is compared.
    pub kind: ConditionKind,
    /// How it is compared; `gte` when left out.
    pub op: Option<Operator>,
    /// What it is compared with.
    pub threshold: Spanned<f64>,
    /// Over which time it is measured.
    pub lookback_window: SloDuration,
    /// How long it must hold.
    pub alert_after: SloDuration,
}

/// What a condition compares.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum ConditionKind {
    /// How many times faster than evenly the budget is spent.
    Burnrate,
}

openslo!(AlertCondition, "AlertCondition", "alert-condition");
