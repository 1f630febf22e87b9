//! Stack: a virtualization platform in use, and what it is used for.

use org::kinds::{Seat, Site};
use playbook::Ref;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A virtualization stack: the software that turns machines into compute, network and storage.
///
/// Declare one for each platform that is in use or may be used, with what belongs on it. A stack that
/// exists only where nothing else works has the phase `where-needed`.
///
/// ```yaml
/// apiVersion: council/v1
/// kind: Stack
/// metadata:
///   name: openstack
///   title: OpenStack
/// spec:
///   software: openstack
///   deployed_with: Kolla-Ansible
///   used_for: [Tenants' virtual machines, networks and volumes]
///   phase: in-use
///   sites: [eu-1, eu-2]
///   owner: platform
/// ```
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Stack {
    /// The software.
    pub software: Software,
    /// How it is installed and upgraded.
    pub deployed_with: Option<String>,
    /// What belongs on it.
    pub used_for: Vec<String>,
    /// Whether new work may go there.
    pub phase: Phase,
    /// Whether tenants share it.
    #[serde(default)]
    pub multi_tenant: bool,
    /// The sites where it runs.
    #[serde(default)]
    pub sites: Vec<Ref<Site>>,
    /// The seat that answers for it.
    pub owner: Option<Ref<Seat>>,
    /// Anything else worth knowing.
    pub notes: Option<String>,
}

/// The software of a stack.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Software {
    /// OpenStack.
    #[serde(rename = "openstack")]
    OpenStack,
    /// Proxmox VE.
    Proxmox,
    /// VMware ESXi.
    Esxi,
    /// Kubernetes.
    Kubernetes,
}

/// Whether new work may go to a stack.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Phase {
    /// Being built; nothing runs on it that matters.
    Planned,
    /// The place for new work of its kind.
    InUse,
    /// Only for what runs nowhere else.
    WhereNeeded,
    /// Being emptied.
    Retiring,
}

playbook::kind!(Stack, "stack");
