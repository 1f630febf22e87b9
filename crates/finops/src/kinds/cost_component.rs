//! Cost component: one thing that the platform costs, even when no invoice names it.

use org::kinds::Seat;
use playbook::{Ref, Spanned};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A cost component: one thing that the platform costs us.
///
/// Also what no invoice names, such as our own hardware and time. `amortized_over_months` is for
/// what is paid once and used for years. How it is measured may be left out while nobody has decided.
///
/// ```yaml
/// apiVersion: council/v1
/// kind: CostComponent
/// metadata:
///   name: hardware
///   title: Hardware
/// spec:
///   class: hardware
///   includes: [Servers, switches, spare parts]
///   measured_by: Purchase price, spread evenly
///   amortized_over_months: 48
///   owner: finops-capacity
/// ```
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CostComponent {
    /// What sort of cost it is.
    pub class: CostClass,
    /// What counts towards it.
    #[serde(default)]
    pub includes: Vec<String>,
    /// How the amount is found.
    pub measured_by: Option<String>,
    /// Over how many months it is spread, 1 to 240.
    pub amortized_over_months: Option<Spanned<u32>>,
    /// Whether an estimate is good enough.
    #[serde(default)]
    pub approximate: bool,
    /// The seat that answers for it.
    pub owner: Option<Ref<Seat>>,
}

/// A sort of cost.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum CostClass {
    /// Bought machines.
    Hardware,
    /// Electricity and cooling.
    Power,
    /// Licenses and support contracts.
    Licenses,
    /// People's time.
    Staff,
    /// Rented capacity.
    Cloud,
    /// Space, cages, cross-connects.
    Facilities,
}

playbook::kind!(CostComponent, "cost-component");
