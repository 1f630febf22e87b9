//! OpenSLO `AlertNotificationTarget`: where alerts go.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::openslo;

/// OpenSLO: a place that alerts are sent to.
///
/// ```yaml
/// apiVersion: openslo/v1
/// kind: AlertNotificationTarget
/// metadata:
///   name: on-call
/// spec:
///   description: Whoever is on call.
///   target: pager
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AlertNotificationTarget {
    /// Who is reached, at most 1050 characters.
    pub description: Option<String>,
    /// How, in the words of whatever sends it.
    pub target: String,
}

openslo!(AlertNotificationTarget, "AlertNotificationTarget", "alert-notification-target");
