//! Cost mapping: to whom costs are shown.

use org::kinds::Seat;
use playbook::Ref;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A cost mapping: one dimension along which all costs are divided.
///
/// The values may be listed when they are few and fixed, as environments are; projects and teams come
/// from what is declared and observed. `key` names the tag that decides.
///
/// ```yaml
/// apiVersion: council/v1
/// kind: CostMapping
/// metadata:
///   name: environments
/// spec:
///   dimension: Environment
///   values: [production, staging, development]
///   key: environment
///   owner: finops-capacity
/// ```
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CostMapping {
    /// What costs are divided by.
    pub dimension: String,
    /// The parts, where they are fixed.
    #[serde(default)]
    pub values: Vec<String>,
    /// The tag or label that says which part something belongs to.
    pub key: Option<String>,
    /// How costs are divided that several parts share.
    pub shared_costs: Option<String>,
    /// The seat that answers for it.
    pub owner: Option<Ref<Seat>>,
}

playbook::kind!(CostMapping, "cost-mapping");
