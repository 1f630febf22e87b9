//! OpenSLO `SLO`: how well is well enough.

use playbook::{Foreign, Kind, Ref, Spanned, Use};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{AlertPolicy, InlineMetadata, PolicyEntry, Sli, SloDuration, TimeSliceWindow};

/// OpenSLO: a service level objective, which says how well is well enough.
///
/// The indicator stands in the document or is named by `indicatorRef`. With several objectives, each
/// may have its own. `target` is a ratio from 0 up to but not including 1.
///
/// ```yaml
/// apiVersion: openslo/v1
/// kind: SLO
/// metadata:
///   name: checkout-availability
/// spec:
///   service: checkout
///   indicatorRef: checkout-availability
///   timeWindow:
///     - duration: 30d
///       isRolling: true
///   budgetingMethod: Occurrences
///   objectives:
///     - target: 0.995
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Slo {
    /// What it promises, at most 1050 characters.
    pub description: Option<String>,
    /// The service: an OpenSLO one, or one of the council's.
    pub service: Spanned<String>,
    /// The indicator, in place.
    pub indicator: Option<Spanned<InlineIndicator>>,
    /// The indicator, by name.
    pub indicator_ref: Option<Ref<Sli>>,
    /// The window that the budget is counted over; exactly one entry.
    #[serde(default)]
    pub time_window: Spanned<Vec<TimeWindow>>,
    /// What the budget counts.
    pub budgeting_method: BudgetingMethod,
    /// The objectives.
    pub objectives: Spanned<Vec<Objective>>,
    /// Alerts about the budget: names, or policies in place. OpenSLO's examples also leave the key empty.
    pub alert_policies: Option<Vec<Spanned<PolicyEntry>>>,
}

/// An indicator that stands inside an SLO.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct InlineIndicator {
    /// Always `SLI` where it is written.
    pub kind: Option<String>,
    /// Its name.
    pub metadata: InlineMetadata,
    /// What it measures.
    pub spec: Sli,
}

/// The window that a budget is counted over.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TimeWindow {
    /// Its length.
    pub duration: Spanned<SloDuration>,
    /// Whether it ends now, rather than at the end of a week or month.
    #[serde(default)]
    pub is_rolling: bool,
    /// When a window that does not roll begins.
    pub calendar: Option<Calendar>,
}

/// When a window that does not roll begins.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Calendar {
    /// Date and time as `2026-01-01 00:00:00`.
    pub start_time: Spanned<String>,
    /// The zone, such as `Europe/Berlin`.
    pub time_zone: Spanned<String>,
}

/// What a budget counts.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
pub enum BudgetingMethod {
    /// Bad events.
    Occurrences,
    /// Bad slices of time.
    Timeslices,
    /// The mean of the ratios of all slices of time.
    RatioTimeslices,
}

/// One objective.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Objective {
    /// The name that people read.
    pub display_name: Option<String>,
    /// How a threshold metric is compared with `value`.
    pub op: Option<Operator>,
    /// What a threshold metric is compared with.
    pub value: Option<f64>,
    /// The part that must be good, from 0 up to but not including 1.
    pub target: Option<Spanned<f64>>,
    /// The same in percent, from 0 up to but not including 100.
    pub target_percent: Option<Spanned<f64>>,
    /// The part of a slice that must be good for the slice to count.
    pub time_slice_target: Option<Spanned<f64>>,
    /// The length of a slice.
    pub time_slice_window: Option<TimeSliceWindow>,
    /// The objective's own indicator, in place.
    pub indicator: Option<InlineIndicator>,
    /// The objective's own indicator, by name.
    pub indicator_ref: Option<Ref<Sli>>,
    /// How much it weighs among several.
    pub composite_weight: Option<Spanned<f64>>,
}

/// How a number is compared.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Operator {
    /// At most.
    Lte,
    /// At least.
    Gte,
    /// Less than.
    Lt,
    /// More than.
    Gt,
}

playbook::kind!(Slo, "slo");

impl Foreign for Slo {
    const API_VERSION: &'static str = super::API_VERSION;
    const KIND: &'static str = "SLO";
    type Becomes = Self;

    fn adopt(self) -> Self {
        self
    }

    /// Alert policies that are only named; every other reference is a field of its own.
    fn references(&self) -> Vec<Use> {
        let named = |entry: &Spanned<PolicyEntry>| match &entry.value {
            PolicyEntry::Named(policy) => Some(Use {
                span: entry.span,
                accepts: &[AlertPolicy::SLUG],
                slug: Some(AlertPolicy::SLUG.into()),
                name: policy.name().into(),
            }),
            PolicyEntry::InPlace(_) => None,
        };
        self.alert_policies.iter().flatten().filter_map(named).collect()
    }
}
