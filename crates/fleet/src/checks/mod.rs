//! The rules of this room, one file each.
//!
//! A declared fact that cannot be right by itself is an error; what nobody has decided yet is a gap, which is
//! reported as a note so that it is seen without drowning what is wrong.

use playbook::Rule;

mod address_taken;
mod boot_misfit;
mod boot_word;
mod duplicate_control;
mod failover_to_itself;
mod failover_without_targets;
mod hardening_setting;
mod hardware_taken;
mod image_past_support;
mod machine_off_site;
mod machine_without_owner;
mod not_a_fingerprint;
mod not_an_address;
mod outside_its_rack;
mod quorum_on_one_rack;
mod rack_over_budget;
mod role_without_image;
mod same_rack_unit;
mod shared_provisioner;
mod two_promoted_versions;
mod waiver_expired;

/// All rules, by code.
pub(crate) static ALL: &[&Rule] = &[
    &duplicate_control::RULE,
    &two_promoted_versions::RULE,
    &role_without_image::RULE,
    &failover_to_itself::RULE,
    &failover_without_targets::RULE,
    &not_an_address::RULE,
    &address_taken::RULE,
    &same_rack_unit::RULE,
    &machine_off_site::RULE,
    &hardware_taken::RULE,
    &machine_without_owner::RULE,
    &rack_over_budget::RULE,
    &outside_its_rack::RULE,
    &image_past_support::RULE,
    &waiver_expired::RULE,
    &quorum_on_one_rack::RULE,
    &shared_provisioner::RULE,
    &boot_word::RULE,
    &boot_misfit::RULE,
    &hardening_setting::RULE,
    &not_a_fingerprint::RULE,
];

#[cfg(test)]
mod tests {
    use crate::vocabulary::TRIAL;

    #[test]
    fn the_pages_of_the_rules_are_true() {
        TRIAL.tries_pages("FLT", super::ALL);
    }
}
