//! What must hold among the resources of governance: one rule a file.
//!
//! A rule that looks at one resource by itself is [`Check::Each`](playbook::Check::Each), so that its
//! findings are cached with the file; the others look at the whole model once. References that dangle
//! are the playbook's own rules, not ours. Rules see files only: what was voted on is the record's.

mod accepted_by_nobody;
mod accountable_not_one;
mod answer_turned_down;
mod cadence_never_occurs;
mod chapter_missing;
mod consultation_too_long;
mod decision_incomplete;
mod decision_without_type;
mod duration_reversed;
mod nobody_attends;
mod number_taken;
mod one_person_decides;
mod party_twice;
mod pause_without_start;
mod primary_also_consulted;
mod question_overdue;
mod question_without_owner;
mod quorum_impossible;
mod responsible_missing;
mod review_overdue;
mod ritual_without_occasion;
mod ritual_zone_unknown;
mod section_stale;
mod successor_unknown;
mod superseded_cited;
mod supersession_cycle;
mod supersession_one_sided;
mod type_without_primaries;
mod versions_in_disorder;

use diag::{Diagnostic, Place, Span};
use playbook::{Rule, Typed};

/// All rules of the crate, by code.
pub(crate) const RULES: &[&Rule] = &[
    &accountable_not_one::RULE,
    &responsible_missing::RULE,
    &party_twice::RULE,
    &type_without_primaries::RULE,
    &quorum_impossible::RULE,
    &primary_also_consulted::RULE,
    &consultation_too_long::RULE,
    &one_person_decides::RULE,
    &decision_without_type::RULE,
    &superseded_cited::RULE,
    &supersession_one_sided::RULE,
    &supersession_cycle::RULE,
    &successor_unknown::RULE,
    &review_overdue::RULE,
    &decision_incomplete::RULE,
    &accepted_by_nobody::RULE,
    &number_taken::RULE,
    &cadence_never_occurs::RULE,
    &ritual_without_occasion::RULE,
    &pause_without_start::RULE,
    &duration_reversed::RULE,
    &nobody_attends::RULE,
    &ritual_zone_unknown::RULE,
    &question_without_owner::RULE,
    &question_overdue::RULE,
    &answer_turned_down::RULE,
    &section_stale::RULE,
    &chapter_missing::RULE,
    &versions_in_disorder::RULE,
];

/// Starts a finding about a resource, at a span of its file.
fn at<K>(rule: &Rule, found: Typed<'_, K>, span: Span, message: String) -> Diagnostic {
    let place: Place = found.resource.at(span);
    Diagnostic::new(&rule.info, place, message).subject(found.resource.id.to_string())
}

/// Starts a finding about a resource as a whole, at its name.
fn on<K>(rule: &Rule, found: Typed<'_, K>, message: String) -> Diagnostic {
    at(rule, found, found.resource.place.span, message)
}

/// The span of a field, or the resource's name where the field was left out.
fn field_or_name<K, T>(found: Typed<'_, K>, field: &playbook::Spanned<T>) -> Span {
    if field.span == Span::default() { found.resource.place.span } else { field.span }
}

#[cfg(test)]
mod tests {
    use crate::vocabulary::TRIAL;

    #[test]
    fn the_pages_of_the_rules_are_true() {
        TRIAL.tries_pages("GOV", super::RULES);
    }
}
