//! The list of the crate's kinds and rules.

use playbook::Vocabulary;

use crate::checks;
use crate::kinds::{Decision, DecisionType, Question, RaciArea, Ritual, Section, Version};

/// Adds governance: its kinds, its documents, and what must hold among them.
#[must_use]
pub fn vocabulary(vocabulary: Vocabulary) -> Vocabulary {
    vocabulary
        .kind::<DecisionType>()
        .kind::<RaciArea>()
        .kind::<Ritual>()
        .kind::<Question>()
        .kind::<Version>()
        .document::<Decision>()
        .document::<Section>()
        .rules(checks::RULES)
}

/// What this room's tests read playbooks with.
#[cfg(test)]
pub(crate) const TRIAL: trial::Trial = trial::Trial::of(&[org::vocabulary, vocabulary]);
