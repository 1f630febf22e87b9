//! VPN: an encrypted way into our networks, or between our sites.

use org::kinds::{Seat, Site};
use playbook::{Ref, Spanned};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Vlan;

/// A VPN: an encrypted way into our networks, or between our sites.
///
/// Declare what it is for and who uses it first; topology and software may follow once they are
/// chosen. `reaches` names the VLANs that somebody who is connected can talk to.
///
/// ```yaml
/// apiVersion: council/v1
/// kind: Vpn
/// metadata:
///   name: remote-admins
/// spec:
///   purpose: Lets administrators work from anywhere.
///   users: Everybody who holds a council seat
///   topology: hub-and-spoke
///   software: WireGuard
///   sites: [eu-1, eu-2]
///   reaches: [mgmt]
///   owner: network-security
/// ```
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Vpn {
    /// What it is for.
    pub purpose: String,
    /// Who may use it.
    pub users: Option<String>,
    /// Its shape. Left out while nobody has decided.
    pub topology: Option<Topology>,
    /// The software or the device that terminates it.
    pub software: Option<String>,
    /// The addresses given to those who connect, in CIDR notation.
    pub subnet: Option<Spanned<String>>,
    /// The sites where it ends.
    #[serde(default)]
    pub sites: Vec<Ref<Site>>,
    /// The VLANs that can be reached through it.
    #[serde(default)]
    pub reaches: Vec<Ref<Vlan>>,
    /// The seat that answers for it.
    pub owner: Option<Ref<Seat>>,
}

/// The shape of a VPN.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Topology {
    /// Everybody connects to one site, which leads on to the others.
    HubAndSpoke,
    /// Every end talks to every other one directly.
    Mesh,
    /// Two ends.
    PointToPoint,
    /// Each site has its own entrance.
    PerSite,
}

playbook::kind!(Vpn, "vpn");
