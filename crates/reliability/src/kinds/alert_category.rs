//! Alert category: what an alert asks of people.

use playbook::{Period, Spanned};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// An alert category: what an alert of this sort asks of people.
///
/// ```yaml
/// apiVersion: council/v1
/// kind: AlertCategory
/// metadata:
///   name: page
/// spec:
///   order: 1
///   reaction: wake-somebody
///   meaning: Users are hurt now, or will be within the hour.
///   acknowledge_within: 15m
/// ```
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AlertCategory {
    /// Its place in tables, the most urgent first.
    pub order: Option<u32>,
    /// What people do.
    pub reaction: Reaction,
    /// When an alert belongs here.
    pub meaning: String,
    /// How soon somebody must have seen it.
    pub acknowledge_within: Option<Spanned<Period>>,
}

/// What people do about an alert.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Reaction {
    /// Somebody gets up, at any hour.
    WakeSomebody,
    /// Somebody looks at it during working hours.
    WorkingHours,
    /// Nobody is told; it can be seen.
    None,
}

playbook::kind!(AlertCategory, "alert-category");
