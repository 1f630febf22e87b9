//! Incident phase: what is done first, next, and afterwards.

use playbook::{Period, Spanned};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// An incident phase: a part of the way from the first sign to the last lesson.
///
/// ```yaml
/// apiVersion: council/v1
/// kind: IncidentPhase
/// metadata:
///   name: containment
/// spec:
///   order: 2
///   goal: Users are no longer hurt, even if nobody knows the cause yet.
///   within: 4h
/// ```
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct IncidentPhase {
    /// Its place on the way, from 1.
    pub order: Spanned<u32>,
    /// When it is over.
    pub goal: String,
    /// How long it may take, where that is agreed.
    pub within: Option<Period>,
    /// How many business days it may take, where that is how we count.
    pub within_business_days: Option<u32>,
    /// Whether a time limit is wanted and not agreed yet.
    #[serde(default)]
    pub limit_undecided: bool,
}

playbook::kind!(IncidentPhase, "incident-phase");
