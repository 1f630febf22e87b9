//! What is made from playbook and record: calendars, hand-off notes, postmortems, rules and dashboards. Pure, and the
//! same bytes for the same input.

mod alertmanager;
pub mod calendar;
pub mod grafana;
pub mod hand_off;
pub mod postmortem;
pub mod prometheus;

pub use alertmanager::alertmanager;
use org::kinds::Service;
use playbook::Model;

use crate::slo::Slo;

/// The rule file for one site: of all objectives those of services that run there, and of services that say no site
/// or are not the playbook's own. Without a site, all of them.
#[must_use]
pub fn rules(model: &Model, slos: &[Slo], site: Option<&str>) -> Vec<u8> {
    let runs_there = |slo: &Slo| {
        let Some(here) = site else { return true };
        let sites = sites(model, &slo.service);
        sites.is_empty() || sites.contains(&here)
    };
    let slos: Vec<Slo> = slos.iter().filter(|slo| runs_there(slo)).cloned().collect();
    prometheus::rules(&slos).into_bytes()
}

/// The sites of a service: its own, or those of its environments.
fn sites<'m>(model: &'m Model, service: &str) -> Vec<&'m str> {
    let Some(service) = model.get::<Service>(service) else { return Vec::new() };
    if !service.spec.sites.is_empty() {
        return service.spec.sites.iter().map(|site| site.name()).collect();
    }
    let environments = service.spec.environments.iter().filter_map(|one| model.follow(one));
    environments.flat_map(|one| one.spec.sites.iter().map(|site| site.name())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::slo::lower;
    use crate::vocabulary::TRIAL;

    #[test]
    fn a_site_gets_the_objectives_of_its_services() {
        let slo = "indicator: {metadata: {name: i}, spec: {thresholdMetric: {metricSource: {spec: {query: q}}}}}, timeWindow: [{duration: 1w, isRolling: true}], budgetingMethod: Occurrences, objectives: [{target: 0.9, op: lt, value: 1}]";
        let workspace = TRIAL.read(&format!(
            "Service/here: {{owner: team/y, sites: [ber]}}
            Service/there: {{owner: team/y, sites: [par]}}
            SLO@openslo/v1/a: {{service: here, {slo}}}
            SLO@openslo/v1/b: {{service: there, {slo}}}
            SLO@openslo/v1/c: {{service: nobody-s, {slo}}}"
        ));
        let slos = lower(workspace.model()).slos.clone();
        let of = |site| String::from_utf8(rules(workspace.model(), &slos, site)).unwrap();
        let named = |text: &str| ["a", "b", "c"].map(|id| text.contains(&format!("slo: \"{id}\"")));
        assert_eq!(named(&of(Some("ber"))), [true, false, true]);
        assert_eq!(named(&of(None)), [true, true, true]);
    }
}
