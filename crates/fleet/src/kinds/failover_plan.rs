//! Failover plan: what to do when a site is lost.

use org::kinds::{Seat, Site};
use playbook::{OneOf, Period, Ref, Spanned};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Settlement;

/// A failover plan: how work moves from one site to another when the first is lost.
///
/// The recovery time objective says how long it may take, the recovery point objective how much data
/// may be missing afterwards. A plan without them cannot be judged, so both show as gaps until set.
///
/// ```yaml
/// apiVersion: council/v1
/// kind: FailoverPlan
/// metadata:
///   name: eu-1-to-eu-2
/// spec:
///   from: eu-1
///   to: eu-2
///   rto: 4h
///   rpo: 15m
///   steps:
///     - { does: Promote the database replicas., seat: platform }
///     - { does: Move the public addresses., seat: network-security }
///   owner: principal-sre
/// ```
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FailoverPlan {
    /// The site that is lost.
    pub from: Ref<Site>,
    /// The site that takes over.
    pub to: Ref<Site>,
    /// Recovery time objective. Left out while nobody has decided.
    pub rto: Option<Spanned<Period>>,
    /// Recovery point objective. Left out while nobody has decided.
    pub rpo: Option<Spanned<Period>>,
    /// What is done, in order.
    #[serde(default)]
    pub steps: Vec<FailoverStep>,
    /// How one sees that it worked.
    #[serde(default)]
    pub checks: Vec<String>,
    /// Where the open matter is or was settled.
    pub settled_by: Option<OneOf<Settlement>>,
    /// The seat that answers for it.
    pub owner: Option<Ref<Seat>>,
}

/// One step of a failover.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FailoverStep {
    /// What is done.
    pub does: String,
    /// Who does it.
    pub seat: Option<Ref<Seat>>,
}

playbook::kind!(FailoverPlan, "failover-plan");
