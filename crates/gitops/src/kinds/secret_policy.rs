//! Secret policy: where secrets live, who reads them, when they change.

use org::kinds::Seat;
use playbook::{Period, Ref};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A secret policy: where secrets live, who may read them, and how often they change.
///
/// ```yaml
/// apiVersion: council/v1
/// kind: SecretPolicy
/// metadata:
///   name: infrastructure
/// spec:
///   plain_text: false
///   stores: [HashiCorp Vault, SOPS]
///   rotate_every: 90d
///   access: The team that runs the service reads its own secrets and no others.
///   owner: automation-gitops
/// ```
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SecretPolicy {
    /// Whether a secret may ever stand readable in a file. There is hardly a reason for `true`.
    #[serde(default)]
    pub plain_text: bool,
    /// Where secrets may be kept.
    #[serde(default)]
    pub stores: Vec<String>,
    /// How often a secret changes. Left out while nobody has decided.
    pub rotate_every: Option<Period>,
    /// Who may read what, in a sentence. Left out while nobody has decided.
    pub access: Option<String>,
    /// The seat that answers for it.
    pub owner: Option<Ref<Seat>>,
}

playbook::kind!(SecretPolicy, "secret-policy");
