//! Waiver: a control that some machines need not meet, for a while.

use jiff::civil::Date;
use org::kinds::Seat;
use playbook::{OneOf, Ref, Spanned};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Baseline, Settlement};

playbook::family! {
    /// What a waiver is for: all machines of a role, or one.
    pub Waived = "role" | "machine"
}

/// A waiver: an exception from one control of a baseline, with an end.
///
/// It has an owner, a reason and a last day, because an exception without them is simply a gap. The
/// decision says who accepted the risk.
///
/// ```yaml
/// apiVersion: council/v1
/// kind: Waiver
/// metadata:
///   name: gpu-drivers
/// spec:
///   baseline: server
///   control: packages
///   covers: [role/gpu]
///   reason: The vendor's driver brings a compiler.
///   owner: principal-sre
///   decision: decision/0009-bastion-only-ssh
///   until: 2027-03-31
/// ```
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Waiver {
    /// The baseline.
    pub baseline: Ref<Baseline>,
    /// The id of the control in that baseline.
    pub control: Spanned<String>,
    /// The roles and machines that need not meet it.
    pub covers: Vec<OneOf<Waived>>,
    /// Why.
    pub reason: String,
    /// The seat that answers for the risk.
    pub owner: Ref<Seat>,
    /// Where the risk was accepted.
    pub decision: Option<OneOf<Settlement>>,
    /// The last day on which it holds.
    pub until: Spanned<Date>,
}

playbook::kind!(Waiver, "waiver");
