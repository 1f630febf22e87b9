//! The rules of this room, one file each.
//!
//! A declared fact that cannot be right by itself is an error; what nobody has decided yet is a gap, which is
//! reported as a note so that it is seen without drowning what is wrong.

use playbook::Rule;

mod empty_checklist;
mod guide_unwritten;
mod two_entrances;

/// All rules, by code.
pub(crate) static ALL: &[&Rule] =
    &[&two_entrances::RULE, &empty_checklist::RULE, &guide_unwritten::RULE];

#[cfg(test)]
mod tests {
    use crate::vocabulary::TRIAL;

    #[test]
    fn the_pages_of_the_rules_are_true() {
        TRIAL.tries_pages("DSK", super::ALL);
    }
}
