//! Kinds and rules of this room, in one list.

use playbook::Vocabulary;

use crate::checks;
use crate::kinds::{
    Baseline, BootProfile, FailoverPlan, HardwareModel, Image, ImageVersion, Machine, Provisioner,
    Rack, Role, Waiver,
};

/// Adds this room's kinds and rules.
#[must_use]
pub fn vocabulary(vocabulary: Vocabulary) -> Vocabulary {
    vocabulary
        .kind::<Provisioner>()
        .kind::<BootProfile>()
        .kind::<Image>()
        .kind::<ImageVersion>()
        .kind::<Baseline>()
        .kind::<Role>()
        .kind::<HardwareModel>()
        .kind::<Rack>()
        .kind::<Machine>()
        .kind::<Waiver>()
        .kind::<FailoverPlan>()
        .rules(checks::ALL)
}

/// What this room's tests read playbooks with.
#[cfg(test)]
pub(crate) const TRIAL: trial::Trial = trial::Trial::of(&[org::vocabulary, vocabulary]);
