//! This room's parts of the living document: VLANs, zones, boundaries, access and VPNs.
//!
//! A field with a question mark is a column only when somebody uses it; every other one is always
//! there, so that what nobody has filled in shows as a gap.

use governance::kinds::Chapter;
use governance::render::DocumentPart;

use crate::kinds::{AccessPolicy, FirewallZone, RoutingBoundary, Vlan, Vpn};

/// The parts, in the order of the document.
#[must_use]
pub fn document_parts() -> Vec<DocumentPart> {
    vec![
        DocumentPart::table::<Vlan>(
            Chapter::Platform,
            "Network: VLANs",
            &["id", "purpose", "zone?", "subnets", "gateway?", "sites?", "notes?", "owner"],
        ),
        DocumentPart::table::<FirewallZone>(
            Chapter::Platform,
            "Network: Zones",
            &["purpose", "trust", "inbound"],
        ),
        DocumentPart::table::<RoutingBoundary>(
            Chapter::Platform,
            "Network: Routing and Firewalls",
            &["from", "to", "firewalled=Word about a firewall", "passes=Rules of passage"],
        ),
        DocumentPart::table::<AccessPolicy>(
            Chapter::Platform,
            "Security: Access",
            &[
                "principle",
                "bastion?",
                "authentication",
                "authorization",
                "root_login?",
                "session_limit?",
                "exceptions?",
            ],
        ),
        DocumentPart::table::<Vpn>(
            Chapter::Platform,
            "Security: VPN",
            &["purpose", "users", "topology", "software", "sites?", "reaches?"],
        ),
    ]
}
