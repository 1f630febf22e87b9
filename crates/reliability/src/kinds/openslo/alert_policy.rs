//! OpenSLO `AlertPolicy`: which conditions reach whom.

use playbook::{Ref, Spanned};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{AlertCondition, AlertNotificationTarget, InlineMetadata, openslo};

/// OpenSLO: which conditions of an SLO alert, and who is told.
///
/// Conditions and targets are named, or stand in place with `kind`, `metadata` and `spec`.
///
/// ```yaml
/// apiVersion: openslo/v1
/// kind: AlertPolicy
/// metadata:
///   name: fast-burn-pages
/// spec:
///   alertWhenBreaching: true
///   alertWhenResolved: false
///   alertWhenNoData: false
///   conditions:
///     - conditionRef: fast-burn
///   notificationTargets:
///     - targetRef: on-call
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AlertPolicy {
    /// What it is for, at most 1050 characters.
    pub description: Option<String>,
    /// Whether missing data alerts.
    #[serde(default)]
    pub alert_when_no_data: bool,
    /// Whether the end of an alert is told too.
    #[serde(default)]
    pub alert_when_resolved: bool,
    /// Whether a breach alerts.
    #[serde(default)]
    pub alert_when_breaching: bool,
    /// The condition; exactly one.
    pub conditions: Spanned<Vec<ConditionEntry>>,
    /// Who is told.
    pub notification_targets: Vec<TargetEntry>,
}

/// A condition, named or in place.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ConditionEntry {
    /// Its name.
    pub condition_ref: Option<Ref<AlertCondition>>,
    /// Left over from older documents; it has no meaning with one condition.
    pub operator: Option<String>,
    /// `AlertCondition`, for one in place.
    pub kind: Option<String>,
    /// Its metadata, for one in place.
    pub metadata: Option<InlineMetadata>,
    /// Its spec, for one in place.
    pub spec: Option<AlertCondition>,
}

/// A target, named or in place.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TargetEntry {
    /// Its name.
    pub target_ref: Option<Ref<AlertNotificationTarget>>,
    /// `AlertNotificationTarget`, for one in place.
    pub kind: Option<String>,
    /// Its metadata, for one in place.
    pub metadata: Option<InlineMetadata>,
    /// Its spec, for one in place.
    pub spec: Option<AlertNotificationTarget>,
}

openslo!(AlertPolicy, "AlertPolicy", "alert-policy");
