//! Kinds and rules of this room, in one list.

use playbook::Vocabulary;

use crate::checks;
use crate::kinds::{Stack, TenancyModel};

/// Adds this room's kinds and rules.
#[must_use]
pub fn vocabulary(vocabulary: Vocabulary) -> Vocabulary {
    vocabulary.kind::<Stack>().kind::<TenancyModel>().rules(checks::ALL)
}

/// What this room's tests read playbooks with.
#[cfg(test)]
pub(crate) const TRIAL: trial::Trial = trial::Trial::of(&[org::vocabulary, vocabulary]);
