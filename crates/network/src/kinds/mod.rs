//! What the playbook may declare about networks and access, one file a kind.

mod access_policy;
mod firewall_zone;
mod routing_boundary;
mod vlan;
mod vpn;

pub use access_policy::{AccessPolicy, Authentication, Way};
pub use firewall_zone::{FirewallZone, Stance, Trust};
pub use routing_boundary::RoutingBoundary;
pub use vlan::Vlan;
pub use vpn::{Topology, Vpn};
