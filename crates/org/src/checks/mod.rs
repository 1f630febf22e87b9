//! What must hold among the council's resources: one rule a file.
//!
//! A rule that looks at one resource by itself is [`Check::Each`](playbook::Check::Each), so that its
//! findings are cached with the file; the others look at the whole model once, in time linear in it.
//! References that dangle or point at retired resources are the playbook's own rules, not ours.

mod audience_is_empty;
mod backup_is_primary;
mod backup_missing;
mod condition_unknown;
mod contact_shared;
mod country_without_holidays;
mod currency_unknown;
mod dates_in_disorder;
mod dependency_cycle;
mod dependency_immature;
mod dependency_lesser;
mod email_invalid;
mod holder_has_left;
mod holder_leaves_soon;
mod holder_not_joined;
mod holidays_unknown;
mod hours_uncovered;
mod hours_without_days;
mod inactive_but_filled;
mod issuer_open;
mod job_anybodys;
mod one_organization;
mod owner_cannot_answer;
mod owner_missing;
mod primary_missing;
mod recovery_without_second_site;
mod seat_never_found;
mod seats_too_many;
mod service_runs_nowhere;
mod site_without_owner;
mod ssh_key_invalid;
mod ssh_key_shared;
mod ssh_key_weak;
mod team_cycle;
mod time_zone_unknown;
mod topic_claimed_twice;

use std::collections::BTreeMap;

use diag::{Diagnostic, Span};
use playbook::{Kind, Model, Rule, Typed};

use crate::kinds::{Environment, Seat, Service, Site, Workload};

/// All rules of the crate, by code.
pub(crate) const RULES: &[&Rule] = &[
    &one_organization::RULE,
    &holder_has_left::RULE,
    &holder_leaves_soon::RULE,
    &primary_missing::RULE,
    &backup_missing::RULE,
    &backup_is_primary::RULE,
    &seats_too_many::RULE,
    &hours_uncovered::RULE,
    &inactive_but_filled::RULE,
    &condition_unknown::RULE,
    &time_zone_unknown::RULE,
    &currency_unknown::RULE,
    &holidays_unknown::RULE,
    &email_invalid::RULE,
    &contact_shared::RULE,
    &ssh_key_invalid::RULE,
    &ssh_key_weak::RULE,
    &ssh_key_shared::RULE,
    &owner_missing::RULE,
    &owner_cannot_answer::RULE,
    &dependency_cycle::RULE,
    &service_runs_nowhere::RULE,
    &recovery_without_second_site::RULE,
    &dates_in_disorder::RULE,
    &seat_never_found::RULE,
    &team_cycle::RULE,
    &dependency_immature::RULE,
    &dependency_lesser::RULE,
    &holder_not_joined::RULE,
    &hours_without_days::RULE,
    &audience_is_empty::RULE,
    &site_without_owner::RULE,
    &topic_claimed_twice::RULE,
    &country_without_holidays::RULE,
    &issuer_open::RULE,
    &job_anybodys::RULE,
];

/// Starts a finding about a resource, at a span of its file.
fn at<K>(rule: &Rule, found: Typed<'_, K>, span: Span, message: String) -> Diagnostic {
    let place = found.resource.at(span);
    Diagnostic::new(&rule.info, place, message).subject(found.resource.id.to_string())
}

/// Starts a finding about a resource as a whole, at its name.
fn on<K>(rule: &Rule, found: Typed<'_, K>, message: String) -> Diagnostic {
    at(rule, found, found.resource.place.span, message)
}

/// What each seat owns, for findings that say what is at risk. Asked only when a seat has a gap: it
/// reads all sites, services, workloads and environments once.
fn owned_by_seats(model: &Model) -> BTreeMap<String, Vec<String>> {
    let mut owned: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut own = |seat: &str, id: &playbook::Id| {
        owned.entry(seat.to_owned()).or_default().push(id.to_string());
    };
    for site in model.all::<Site>() {
        site.owner.iter().for_each(|seat| own(seat.name(), &site.resource.id));
    }
    let services = model.all::<Service>().map(|found| (found.resource, found.spec.owner.as_ref()));
    let workloads =
        model.all::<Workload>().map(|found| (found.resource, found.spec.owner.as_ref()));
    let environments =
        model.all::<Environment>().map(|found| (found.resource, found.spec.owner.as_ref()));
    for (resource, owner) in services.chain(workloads).chain(environments) {
        if let Some(owner) = owner.filter(|owner| owner.slug() == Seat::SLUG) {
            own(owner.name(), &resource.id);
        }
    }
    owned
}

/// What is at risk while a seat has a gap, as the end of a sentence.
fn at_risk(seat: Typed<'_, Seat>, owned: &BTreeMap<String, Vec<String>>) -> String {
    let words = seat.owns.trim().trim_end_matches('.');
    let resources = owned.get(seat.name()).into_iter().flatten();
    let resources = resources.take(5).map(|id| format!(", `{id}`"));
    resources.fold(format!("at risk: {words}"), |text, id| text + &id)
}

#[cfg(test)]
mod tests {
    use crate::vocabulary::TRIAL;

    #[test]
    fn the_pages_of_the_rules_are_true() {
        TRIAL.tries_pages("ORG", super::RULES);
    }
}
