//! Kinds and rules of this room, in one list.

use playbook::Vocabulary;

use crate::checks;
use crate::kinds::{AccessPolicy, FirewallZone, RoutingBoundary, Vlan, Vpn};

/// Adds this room's kinds and rules.
#[must_use]
pub fn vocabulary(vocabulary: Vocabulary) -> Vocabulary {
    vocabulary
        .kind::<Vlan>()
        .kind::<FirewallZone>()
        .kind::<RoutingBoundary>()
        .kind::<AccessPolicy>()
        .kind::<Vpn>()
        .rules(checks::ALL)
}

/// What this room's tests read playbooks with.
#[cfg(test)]
pub(crate) const TRIAL: trial::Trial = trial::Trial::of(&[org::vocabulary, vocabulary]);
