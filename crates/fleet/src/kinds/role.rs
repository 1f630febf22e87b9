//! Role: what a machine is for.

use org::kinds::Seat;
use playbook::{OneOf, Ref, Spanned};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

playbook::family! {
    /// A network that machines of a role are connected to.
    pub Network = "vlan"
}

/// A machine role: what a machine is for, and what it gets because of that.
///
/// Every role has its golden image; a role whose image is not decided yet shows as a gap.
///
/// ```yaml
/// apiVersion: council/v1
/// kind: Role
/// metadata:
///   name: gpu
///   title: GPU nodes
/// spec:
///   purpose: Train models and answer inference requests.
///   image: gpu-golden
///   baseline: server
///   boot: netboot
///   packages: [nvtop]
///   networks: [vlan/mgmt, vlan/storage]
///   owner: principal-sre
/// ```
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Role {
    /// What machines of this role do.
    pub purpose: String,
    /// The golden image. Left out while there is none.
    pub image: Option<Ref<super::Image>>,
    /// The hardening that they must have.
    pub baseline: Option<Ref<super::Baseline>>,
    /// How they are installed. Left out, their provisioner's only profile.
    pub boot: Option<Ref<super::BootProfile>>,
    /// Packages that are installed beside those of the distribution.
    #[serde(default)]
    pub packages: Vec<Spanned<String>>,
    /// The networks that they are connected to.
    #[serde(default)]
    pub networks: Vec<OneOf<Network>>,
    /// Whether more than half of its machines in a site must be up for it to work, as with etcd or a database cluster.
    #[serde(default)]
    pub keeps_quorum: bool,
    /// The seat that answers for it.
    pub owner: Option<Ref<Seat>>,
}

playbook::kind!(Role, "role");
