//! The rules of this room, one file each.
//!
//! A declared fact that cannot be right by itself is an error; what nobody has decided yet is a gap, which is
//! reported as a note so that it is seen without drowning what is wrong.

use playbook::Rule;

mod level_without_responsibilities;
mod loop_without_stage;
mod norm_without_agreement;
mod rank_taken;

/// All rules, by code.
pub(crate) static ALL: &[&Rule] = &[
    &loop_without_stage::RULE,
    &rank_taken::RULE,
    &level_without_responsibilities::RULE,
    &norm_without_agreement::RULE,
];

#[cfg(test)]
mod tests {
    use crate::vocabulary::TRIAL;

    #[test]
    fn the_pages_of_the_rules_are_true() {
        TRIAL.tries_pages("TAL", super::ALL);
    }
}
