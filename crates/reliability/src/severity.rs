//! The severity that is proposed for an incident, from burn rate and blast radius.
//!
//! The matrix is data ([`ProposedWhen`](crate::kinds::ProposedWhen)); this only counts. Who depends on a
//! broken service is hurt, too, along the service graph, and however far. A proposal is never a decision:
//! a person triages.

use std::collections::BTreeSet;

use org::Graph;
use org::kinds::{Service, ServiceTier};
use playbook::Model;
use schemars::JsonSchema;
use serde::Serialize;

use crate::kinds::Severity;

/// A severity that is proposed, with its reasons.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "SeverityProposal")]
pub struct Proposal {
    /// The severity's name.
    pub severity: String,
    /// Why, in the user's words; never empty.
    pub reasons: Vec<String>,
}

/// The services that are hurt when some are broken: those, and whatever depends on them, by name.
pub fn blast_radius(model: &Model, broken: &[String]) -> BTreeSet<String> {
    let graph = Graph::of(model);
    let mut hurt: BTreeSet<String> = BTreeSet::new();
    let mut next: Vec<String> = broken.to_vec();
    while let Some(name) = next.pop() {
        if hurt.insert(name.clone()) {
            let dependents = graph.dependents_of(&format!("service/{name}")).iter();
            next.extend(dependents.filter_map(|it| it.strip_prefix("service/")).map(str::to_owned));
        }
    }
    hurt
}

/// The worst severity whose conditions hold; nothing when none does. `burn_rate` is how many times too fast
/// the error budget burns, nothing when it is unknown.
pub fn propose(model: &Model, broken: &[String], burn_rate: Option<f64>) -> Option<Proposal> {
    let hurt = blast_radius(model, broken);
    let critical = |name: &&String| {
        let service = model.get::<Service>(name);
        service.is_some_and(|service| service.tier == Some(ServiceTier::Critical))
    };
    let critical = hurt.iter().filter(critical).count();
    let enough = |found: usize, wanted: Option<u32>| {
        wanted.is_some_and(|wanted| usize::try_from(wanted).is_ok_and(|wanted| found >= wanted))
    };
    let mut severities: Vec<_> = model.all::<Severity>().collect();
    severities.sort_by_key(|severity| severity.level.value);
    severities.into_iter().find_map(|severity| {
        let when = severity.proposed_when?;
        let mut reasons = Vec::new();
        if let Some((burn, limit)) =
            burn_rate.zip(when.burn_rate).filter(|(burn, limit)| *burn >= f64::from(*limit))
        {
            reasons
                .push(format!("the error budget burns {burn:.1} times too fast, at least {limit}"));
        }
        if enough(critical, when.critical_services) {
            let services = diag::words::count(critical, "critical service");
            reasons.push(format!("it hurts {services}"));
        }
        if enough(hurt.len(), when.services) {
            let services = diag::words::count(hurt.len(), "service");
            reasons.push(format!("it hurts {services}, counting those that depend on it"));
        }
        let severity = severity.name().to_owned();
        (!reasons.is_empty()).then_some(Proposal { severity, reasons })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::table;

    #[track_caller]
    fn check(broken: &str, burn_rate: Option<f64>, expected: Option<(&str, usize)>) {
        let workspace = table(
            "Service/db: {tier: important}
             Service/api: {tier: critical, depends_on: [db]}
             Service/web: {tier: important, depends_on: [api]}
             Service/wiki: {tier: standard}
             Severity/sev-1: {level: 1, proposed_when: {critical_services: 1, burn_rate: 14}}
             Severity/sev-2: {level: 2, proposed_when: {services: 2, burn_rate: 6}}
             Severity/sev-3: {level: 3, proposed_when: {services: 1}}
             Severity/sev-4: {level: 4}",
        );
        let found = propose(workspace.model(), &[broken.to_owned()], burn_rate);
        let found = found.as_ref().map(|it| (it.severity.as_str(), it.reasons.len()));
        assert_eq!(found, expected);
    }

    #[test]
    fn the_worst_severity_that_holds_is_proposed() {
        check("db", None, Some(("sev-1", 1)));
        check("wiki", None, Some(("sev-3", 1)));
        check("web", Some(6.0), Some(("sev-2", 1)));
        check("wiki", Some(14.4), Some(("sev-1", 1)));
        check("api", Some(20.0), Some(("sev-1", 2)));
    }
}
