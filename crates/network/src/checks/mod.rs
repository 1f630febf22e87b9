//! The rules of this room, one file each.
//!
//! A declared fact that cannot be right by itself is an error; what nobody has decided yet is a gap, which is
//! reported as a note so that it is seen without drowning what is wrong.

use playbook::Rule;

mod not_a_network;
mod password_sign_in;
mod subnets_overlap;
mod vlan_id_out_of_range;
mod vlan_id_taken;
mod vlan_without_id;

/// All rules, by code.
pub(crate) static ALL: &[&Rule] = &[
    &vlan_id_out_of_range::RULE,
    &vlan_id_taken::RULE,
    &not_a_network::RULE,
    &subnets_overlap::RULE,
    &password_sign_in::RULE,
    &vlan_without_id::RULE,
];

#[cfg(test)]
mod tests {
    use crate::vocabulary::TRIAL;

    #[test]
    fn the_pages_of_the_rules_are_true() {
        TRIAL.tries_pages("NET", super::ALL);
    }
}
