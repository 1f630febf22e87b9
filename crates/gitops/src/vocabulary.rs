//! Kinds and rules of this room, in one list.

use playbook::Vocabulary;

use crate::kinds::{
    AnsibleStandard, BranchPolicy, ChangePolicy, ChangeRule, ChangeTemplate, CoreService, Freeze,
    GatePolicy, Pipeline, Repository, Secret, SecretPolicy, Target,
};
use crate::{checks, pr, secrets};

/// Adds this room's kinds and rules.
#[must_use]
pub fn vocabulary(vocabulary: Vocabulary) -> Vocabulary {
    vocabulary
        .kind::<Repository>()
        .kind::<BranchPolicy>()
        .kind::<ChangeTemplate>()
        .kind::<ChangePolicy>()
        .kind::<ChangeRule>()
        .kind::<GatePolicy>()
        .kind::<Freeze>()
        .kind::<Target>()
        .kind::<Pipeline>()
        .kind::<SecretPolicy>()
        .kind::<Secret>()
        .kind::<AnsibleStandard>()
        .kind::<CoreService>()
        .rules(checks::ALL)
        .rules(checks::SECRETS)
        .pages(pr::RULES)
        .pages(secrets::RULES)
}

/// What this room's tests read playbooks with.
#[cfg(test)]
pub(crate) const TRIAL: trial::Trial =
    trial::Trial::of(&[org::vocabulary, governance::vocabulary, vocabulary]);
