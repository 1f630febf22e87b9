//! VLAN: one broadcast domain with a purpose, an owner and, once somebody has chosen it, a number.
//!
//! The number and the subnets are optional because a design is written down long before addresses
//! are handed out; what is unset is shown as a gap. Absent on purpose: ports and switches, which
//! belong to the devices that carry the VLAN.

use org::kinds::{Seat, Site};
use playbook::{Ref, Spanned};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::FirewallZone;

/// A VLAN: a separated layer-2 network with one purpose.
///
/// Declare every VLAN that machines may be connected to, also those that have no number yet. Two
/// VLANs that meet at one site must not share a number, and the subnets of different VLANs must not
/// overlap. The zone says which firewall rules guard it.
///
/// ```yaml
/// apiVersion: council/v1
/// kind: Vlan
/// metadata:
///   name: mgmt
///   title: Management
/// spec:
///   id: 10
///   purpose: Consoles of switches, hypervisors and provisioning controllers.
///   sites: [eu-1]
///   subnets: [10.10.0.0/22]
///   gateway: 10.10.0.1
///   zone: management
///   owner: network-security
/// ```
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Vlan {
    /// The VLAN ID, 1 to 4094 (IEEE 802.1Q). Left out until it is assigned.
    pub id: Option<Spanned<u32>>,
    /// What travels here.
    pub purpose: String,
    /// The sites that carry it; none means all of them.
    #[serde(default)]
    pub sites: Vec<Ref<Site>>,
    /// Its address ranges in CIDR notation, IPv4 or IPv6.
    #[serde(default)]
    pub subnets: Vec<Spanned<String>>,
    /// The address of the router in this VLAN.
    pub gateway: Option<Spanned<String>>,
    /// The firewall zone it belongs to.
    pub zone: Option<Ref<FirewallZone>>,
    /// The seat that answers for it.
    pub owner: Option<Ref<Seat>>,
    /// Anything else worth knowing.
    pub notes: Option<String>,
}

playbook::kind!(Vlan, "vlan");
