//! Checklist: what must not be forgotten.

use org::kinds::Seat;
use playbook::{Ref, Spanned};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A checklist: what must not be forgotten on some occasion.
///
/// A checklist that is wanted but not written yet has no items, and shows as a gap.
///
/// ```yaml
/// apiVersion: council/v1
/// kind: Checklist
/// metadata:
///   name: new-service
///   title: Bringing a new service onto the platform
/// spec:
///   occasion: A team wants to run something new.
///   items:
///     - { does: Name the team that owns it. }
///     - { does: Agree on a first SLO., with: observability-incidents }
///   owner: developer-experience
/// ```
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Checklist {
    /// When to take it out.
    pub occasion: String,
    /// What to tick off, in order.
    #[serde(default)]
    pub items: Vec<ChecklistItem>,
    /// The seat that answers for it.
    pub owner: Option<Ref<Seat>>,
}

/// One thing to tick off.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ChecklistItem {
    /// What is done.
    pub does: Spanned<String>,
    /// The seat that helps or agrees.
    pub with: Option<Ref<Seat>>,
    /// Where it says how.
    pub see: Option<String>,
}

playbook::kind!(Checklist, "checklist");
