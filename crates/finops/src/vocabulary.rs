//! Kinds and rules of this room, in one list.

use playbook::Vocabulary;

use crate::checks;
use crate::kinds::{AssetTracking, CapacityCycle, CostComponent, CostMapping};

/// Adds this room's kinds and rules.
#[must_use]
pub fn vocabulary(vocabulary: Vocabulary) -> Vocabulary {
    vocabulary
        .kind::<AssetTracking>()
        .kind::<CostComponent>()
        .kind::<CostMapping>()
        .kind::<CapacityCycle>()
        .rules(checks::ALL)
}
