//! Routing boundary: where two zones meet and who guards the crossing.

use org::kinds::{Seat, Site};
use playbook::Ref;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::FirewallZone;

/// A routing boundary: a layer-3 crossing between two firewall zones.
///
/// It says where packets are routed from one zone to the other, whether a firewall stands there, and
/// what it lets through in words. The rules themselves live with the firewall; this is the agreement
/// that they must follow.
///
/// ```yaml
/// apiVersion: council/v1
/// kind: RoutingBoundary
/// metadata:
///   name: internet-to-services
/// spec:
///   from: internet
///   to: services
///   firewalled: true
///   passes: [HTTPS to the load balancers]
///   owner: network-security
/// ```
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RoutingBoundary {
    /// The zone that traffic comes from.
    pub from: Ref<FirewallZone>,
    /// The zone that it enters.
    pub to: Ref<FirewallZone>,
    /// Whether a firewall inspects the crossing. Left out while nobody has decided.
    pub firewalled: Option<bool>,
    /// What may pass, one kind of traffic a line.
    #[serde(default)]
    pub passes: Vec<String>,
    /// The sites where the crossing exists; none means all of them.
    #[serde(default)]
    pub sites: Vec<Ref<Site>>,
    /// The seat that answers for it.
    pub owner: Option<Ref<Seat>>,
    /// Anything else worth knowing.
    pub notes: Option<String>,
}

playbook::kind!(RoutingBoundary, "routing-boundary");
