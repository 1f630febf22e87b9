//! Firewall zone: networks that are trusted alike.

use org::kinds::Seat;
use playbook::Ref;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A firewall zone: a set of networks that are trusted alike.
///
/// VLANs name the zone they belong to; a `RoutingBoundary` says where traffic may pass from one zone
/// to another. Without boundaries, nothing passes.
///
/// ```yaml
/// apiVersion: council/v1
/// kind: FirewallZone
/// metadata:
///   name: management
/// spec:
///   purpose: Everything that can change the platform itself.
///   trust: management
///   inbound: deny
///   owner: network-security
/// ```
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FirewallZone {
    /// What the networks in it have in common.
    pub purpose: String,
    /// How far it is trusted.
    pub trust: Trust,
    /// What happens to traffic into the zone that no boundary mentions.
    #[serde(default)]
    pub inbound: Stance,
    /// The seat that answers for it.
    pub owner: Option<Ref<Seat>>,
}

/// How far a zone is trusted, from least to most.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Trust {
    /// Anybody can send traffic from here, as from the Internet.
    Untrusted,
    /// Tenants' own machines: known, but not ours to trust.
    Tenant,
    /// Our own servers.
    Internal,
    /// Those who are here can change the platform.
    Management,
}

/// What a firewall does with traffic that no rule mentions.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Stance {
    /// It is dropped.
    #[default]
    Deny,
    /// It passes.
    Allow,
}

playbook::kind!(FirewallZone, "firewall-zone");
