//! OpenSLO v1 (`openslo/v1`), read as it stands: nobody converts an SLO by hand.
//!
//! The seven kinds keep OpenSLO's field names and shapes, inline and referenced forms alike. What
//! the published schema demands and what its own examples leave out differ in places; where an
//! example does without a field (`op`, `counter`, the `alertWhen…` switches), so do we, because a
//! file that others' tools accept must not fail here.
//!
//! An `SLO` names its service as plain text: it may be an OpenSLO `Service` or one of the council's
//! own. All other references are typed, so that a dangling one is found where it stands.
//!
//! Absent on purpose: evaluating queries. They are text until rules are rendered from them.

mod alert_condition;
mod alert_notification_target;
mod alert_policy;
mod data_source;
mod either;
#[cfg(test)]
mod published;
mod service;
mod sli;
mod slo;
mod window;

pub use alert_condition::{AlertCondition, Condition, ConditionKind};
pub use alert_notification_target::AlertNotificationTarget;
pub use alert_policy::{AlertPolicy, ConditionEntry, TargetEntry};
pub use data_source::DataSource;
pub use either::PolicyEntry;
pub use service::OpensloService;
pub use sli::{Metric, MetricSource, RatioMetric, RawType, Sli, ThresholdMetric};
pub use slo::{BudgetingMethod, Calendar, InlineIndicator, Objective, Operator, Slo, TimeWindow};
pub use window::{SloDuration, TimeSliceWindow};

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// OpenSLO's version of the envelope.
pub(crate) const API_VERSION: &str = "openslo/v1";

/// Implements `Kind` and `Foreign` for an OpenSLO type that stays what it is.
macro_rules! openslo {
    ($type:ident, $kind:literal, $slug:literal) => {
        playbook::kind!($type, $slug);

        impl playbook::Foreign for $type {
            const API_VERSION: &'static str = super::API_VERSION;
            const KIND: &'static str = $kind;
            type Becomes = Self;

            fn adopt(self) -> Self {
                self
            }
        }
    };
}
use openslo;

/// The metadata of an object that stands inside another one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct InlineMetadata {
    /// Its name.
    pub name: String,
    /// The name that people read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// Words to select by: a word or a list of them for each key.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub labels: BTreeMap<String, serde_json::Value>,
    /// Words for tools.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub annotations: BTreeMap<String, String>,
}
