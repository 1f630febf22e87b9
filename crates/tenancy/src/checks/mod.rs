//! The rules of this room, one file each.
//!
//! A declared fact that cannot be right by itself is an error; what nobody has decided yet is a gap, which is
//! reported as a note so that it is seen without drowning what is wrong.

use playbook::Rule;

mod duplicate_quota;
mod quota_undecided;

/// All rules, by code.
pub(crate) static ALL: &[&Rule] = &[&duplicate_quota::RULE, &quota_undecided::RULE];

#[cfg(test)]
mod tests {
    use crate::vocabulary::TRIAL;

    #[test]
    fn the_pages_of_the_rules_are_true() {
        TRIAL.tries_pages("TEN", super::ALL);
    }
}
