//! Capacity cycle: how often capacity is looked at, and what is decided then.

use org::kinds::Seat;
use playbook::{OneOf, Ref, Spanned};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

playbook::family! {
    /// A ritual at which something happens.
    pub RitualReference = "ritual"
}

/// A capacity cycle: how often capacity is looked at, and what happens each time.
///
/// The meetings themselves are rituals, which the cycle names; the steps are what their agendas work
/// through.
///
/// ```yaml
/// apiVersion: council/v1
/// kind: CapacityCycle
/// metadata:
///   name: capacity
/// spec:
///   cadences: [monthly, quarterly]
///   rituals: [ritual/capacity-review]
///   steps:
///     - { does: Compare what is used with what is there., yields: Headroom for each resource }
///   headroom_target_percent: 20
///   owner: finops-capacity
/// ```
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CapacityCycle {
    /// How often.
    pub cadences: Vec<Cadence>,
    /// Where it happens.
    #[serde(default)]
    pub rituals: Vec<OneOf<RitualReference>>,
    /// What is done each time, in order.
    pub steps: Vec<CycleStep>,
    /// How much must stay free, in percent of what is there. Left out while nobody has decided.
    pub headroom_target_percent: Option<Spanned<u8>>,
    /// The seat that answers for it.
    pub owner: Option<Ref<Seat>>,
}

/// One step of a capacity review.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CycleStep {
    /// What is done.
    pub does: String,
    /// What comes out of it.
    pub yields: Option<String>,
}

/// How often something happens.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Cadence {
    /// Every month.
    Monthly,
    /// Every quarter.
    Quarterly,
    /// Every year.
    Yearly,
}

playbook::kind!(CapacityCycle, "capacity-cycle");
