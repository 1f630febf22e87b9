//! The rules of this room, one file each.
//!
//! A declared fact that cannot be right by itself is an error; what nobody has decided yet is a gap, which is
//! reported as a note so that it is seen without drowning what is wrong.

use playbook::Rule;

mod amortization_out_of_range;
mod cost_unmeasured;
mod headroom_out_of_range;

/// All rules, by code.
pub(crate) static ALL: &[&Rule] =
    &[&amortization_out_of_range::RULE, &cost_unmeasured::RULE, &headroom_out_of_range::RULE];

#[cfg(test)]
mod tests {
    use crate::vocabulary::TRIAL;

    #[test]
    fn the_pages_of_the_rules_are_true() {
        TRIAL.tries_pages("FIN", super::ALL);
    }
}
