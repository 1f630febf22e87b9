//! The rules of this room, one file each.
//!
//! A declared fact that cannot be right by itself is an error; what nobody has decided yet is a gap, which is
//! reported as a note so that it is seen without drowning what is wrong.

use playbook::Rule;

mod alert_matcher;
mod alert_never_fires;
mod alert_policy_shape;
mod clock_unknown;
mod escalation_ambiguous;
mod escalation_reaches_nobody;
mod local_time_ambiguous;
mod notice_after_itself;
mod on_call_alone;
mod on_call_gap;
mod on_call_twice;
mod override_impossible;
mod pages_reach_nobody;
mod postmortem_without_deadline;
mod probe_impossible;
mod promql_syntax;
mod rest_too_short;
mod rotation_meaningless;
mod runbook_missing;
mod runbook_stale;
mod runbook_step_strange;
mod runbook_unknown;
mod runbook_untested;
mod severity_incomplete;
mod severity_level_taken;
mod sli_counter_misread;
mod sli_sanity;
mod sli_shape;
mod slo_service_unknown;
mod slo_shape;
mod slo_unwatched;
mod slo_window;
mod target_out_of_range;
mod telemetry_access;
mod telemetry_undecided;

/// All rules, by code.
pub(crate) static ALL: &[&Rule] = &[
    &target_out_of_range::RULE,
    &sli_shape::RULE,
    &slo_shape::RULE,
    &slo_service_unknown::RULE,
    &severity_incomplete::RULE,
    &severity_level_taken::RULE,
    &alert_policy_shape::RULE,
    &telemetry_undecided::RULE,
    &postmortem_without_deadline::RULE,
    &clock_unknown::RULE,
    &rotation_meaningless::RULE,
    &on_call_gap::RULE,
    &on_call_twice::RULE,
    &on_call_alone::RULE,
    &rest_too_short::RULE,
    &override_impossible::RULE,
    &local_time_ambiguous::RULE,
    &escalation_reaches_nobody::RULE,
    &escalation_ambiguous::RULE,
    &pages_reach_nobody::RULE,
    &notice_after_itself::RULE,
    &promql_syntax::RULE,
    &alert_never_fires::RULE,
    &sli_sanity::RULE,
    &sli_counter_misread::RULE,
    &slo_window::RULE,
    &slo_unwatched::RULE,
    &alert_matcher::RULE,
    &runbook_missing::RULE,
    &runbook_unknown::RULE,
    &runbook_stale::RULE,
    &runbook_untested::RULE,
    &runbook_step_strange::RULE,
    &telemetry_access::RULE,
    &probe_impossible::RULE,
];

#[cfg(test)]
mod tests {
    use crate::vocabulary::TRIAL;

    #[test]
    fn the_pages_of_the_rules_are_true() {
        TRIAL.tries_pages("REL", super::ALL);
    }
}
