//! Remote norm: what a team that does not share a room has agreed on.

use org::kinds::Seat;
use playbook::Ref;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A remote norm: something that a team which does not share a room has agreed on.
///
/// A norm that is wanted but not agreed yet has no agreements, and shows as a gap.
///
/// ```yaml
/// apiVersion: council/v1
/// kind: RemoteNorm
/// metadata:
///   name: asynchronous
///   title: Asynchronous communication
/// spec:
///   about: How we talk when we are not awake at the same time.
///   agreements:
///     - What was decided in a call is written down within a day.
///   owner: talent-culture
/// ```
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RemoteNorm {
    /// What it is about.
    pub about: String,
    /// What was agreed.
    #[serde(default)]
    pub agreements: Vec<String>,
    /// The seat that answers for it.
    pub owner: Option<Ref<Seat>>,
}

playbook::kind!(RemoteNorm, "remote-norm");
