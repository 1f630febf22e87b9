//! Asset tracking: what is counted, and how finely.

use org::kinds::Seat;
use playbook::Ref;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Asset tracking: one thing that is counted, and how finely.
///
/// ```yaml
/// apiVersion: council/v1
/// kind: AssetTracking
/// metadata:
///   name: compute
/// spec:
///   counts: [Compute, GPUs]
///   per: [node, cluster, tenant]
///   effort: always
///   source: The provisioner's inventory and the metrics store
///   owner: finops-capacity
/// ```
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AssetTracking {
    /// What is counted.
    pub counts: Vec<String>,
    /// What a count is kept for.
    #[serde(default)]
    pub per: Vec<String>,
    /// Whether it must be counted everywhere.
    #[serde(default)]
    pub effort: Effort,
    /// Where the numbers come from. Left out while nobody has decided.
    pub source: Option<String>,
    /// The seat that answers for it.
    pub owner: Option<Ref<Seat>>,
}

/// Whether something must be counted everywhere.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Effort {
    /// Everywhere.
    #[default]
    Always,
    /// Where it can be measured.
    WherePossible,
}

playbook::kind!(AssetTracking, "asset-tracking");
