//! Ansible standard: how roles are cut and where inventories come from.

use org::kinds::Seat;
use playbook::Ref;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// An Ansible standard: how roles are structured, and where inventories come from.
///
/// ```yaml
/// apiVersion: council/v1
/// kind: AnsibleStandard
/// metadata:
///   name: ansible
/// spec:
///   idempotent: true
///   domains:
///     - { domain: operating system, roles: [base_os] }
///   inventories:
///     sources: [MAAS, OpenStack]
///     groups: [role, site]
///   owner: automation-gitops
/// ```
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AnsibleStandard {
    /// Whether a second run of a play must change nothing.
    pub idempotent: bool,
    /// Roles, grouped by what they are about.
    pub domains: Vec<RoleDomain>,
    /// Where hosts come from.
    pub inventories: InventoryStandard,
    /// The seat that answers for it.
    pub owner: Option<Ref<Seat>>,
}

/// Roles that belong together.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RoleDomain {
    /// What they are about.
    pub domain: String,
    /// The Ansible roles.
    pub roles: Vec<String>,
}

/// Where hosts come from and how they are grouped.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct InventoryStandard {
    /// The systems that are asked for hosts.
    pub sources: Vec<String>,
    /// What hosts are grouped by.
    pub groups: Vec<String>,
}

playbook::kind!(AnsibleStandard, "ansible-standard");
