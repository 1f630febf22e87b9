//! While the house burns nobody moves furniture, unless that puts out the fire.

use crate::gate::{Bench, OpenIncident, Reason};

pub(super) fn hold(bench: &Bench<'_>) -> Vec<Reason> {
    let incidents = bench.facts.incidents.iter().filter(|incident| holds(bench, incident));
    incidents
        .map(|incident| {
            let (id, severity) = (&incident.id, &incident.severity);
            Reason::wait(
                "incident",
                format!("`incident/{id}` ({severity}) is open"),
                "the incident is resolved, or names this change as what mends it",
            )
        })
        .collect()
}

/// An incident whose services are known holds what those notice; any other holds everything.
fn holds(bench: &Bench<'_>, incident: &OpenIncident) -> bool {
    let touched = &bench.subject.touched;
    let severe = bench.policy.holding_severities.contains(&incident.severity);
    let elsewhere = !incident.services.is_empty()
        && !touched.services.is_empty()
        && incident.services.is_disjoint(&touched.services);
    severe
        && touched.is_infrastructure()
        && !elsewhere
        && !incident.mended_by.contains(&bench.subject.name)
}
