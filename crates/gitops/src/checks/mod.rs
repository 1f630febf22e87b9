//! The rules of this room, one file each.
//!
//! A declared fact that cannot be right by itself is an error; what nobody has decided yet is a gap, which is
//! reported as a note so that it is seen without drowning what is wrong.

use playbook::Rule;

mod branch_pattern;
mod core_service_undecided;
mod freeze_never;
mod impossible_review;
mod one_gate_policy;
mod plain_text_secrets;
mod rotation_due;
mod rule_touches_nothing;
mod secret_exception_expired;
mod secret_never_rotates;
mod secret_policy_incomplete;
mod target_place;
mod unknown_secret_rule;

/// All rules, by code.
pub(crate) static ALL: &[&Rule] = &[
    &branch_pattern::RULE,
    &impossible_review::RULE,
    &plain_text_secrets::RULE,
    &core_service_undecided::RULE,
    &secret_policy_incomplete::RULE,
    &freeze_never::RULE,
    &target_place::RULE,
    &rule_touches_nothing::RULE,
    &one_gate_policy::RULE,
];

/// The rules about secrets, by code.
pub(crate) static SECRETS: &[&Rule] = &[
    &secret_exception_expired::RULE,
    &unknown_secret_rule::RULE,
    &rotation_due::RULE,
    &secret_never_rotates::RULE,
];

#[cfg(test)]
mod tests {
    use crate::vocabulary::TRIAL;

    #[test]
    fn the_pages_of_the_rules_are_true() {
        TRIAL.tries_pages("GIT", super::ALL);
        TRIAL.tries_pages("SEC", super::SECRETS);
    }
}
