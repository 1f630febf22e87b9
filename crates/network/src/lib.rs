//! The Network & Security Architect's room: VLANs, zones, boundaries, VPNs and access.
//!
//! It holds what the playbook may declare about networks and the rules that such a declaration must
//! keep by itself: numbers in range, subnets that are networks and do not overlap.
//!
//! Invariants: pure; nothing here knows what a switch or a firewall really does.
//!
//! Absent on purpose: devices and drivers. What is declared here is the agreement; bringing a device
//! to follow it is a plan's work.

mod checks;
mod cidr;
mod document;
mod kinds;
pub mod render;
mod vocabulary;

pub use document::document_parts;
pub use kinds::{
    AccessPolicy, Authentication, FirewallZone, RoutingBoundary, Stance, Topology, Trust, Vlan,
    Vpn, Way,
};
pub use vocabulary::vocabulary;
