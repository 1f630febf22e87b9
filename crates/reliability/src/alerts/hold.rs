//! What keeps an alert quiet at a moment: silences, other alerts, the hours.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Fingerprint, Labels, Routing, Silences};

/// What keeps an alert quiet.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "AlertHeld")]
pub struct Held {
    /// The ids of the silences that match it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub silenced_by: Vec<String>,
    /// The alerts whose effect it is.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub inhibited_by: Vec<Fingerprint>,
    /// Whether it is out of its hours.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub muted: bool,
}

impl Held {
    /// Says whether somebody may be told.
    pub fn is_free(&self) -> bool {
        self.silenced_by.is_empty() && self.inhibited_by.is_empty() && !self.muted
    }
}

/// How many causes are named for one alert: one is enough, and more help nobody.
const MAX_CAUSES: usize = 3;

/// What keeps alerts quiet at a moment.
#[derive(Debug)]
pub struct Holding<'r> {
    routing: &'r Routing,
    silences: &'r Silences,
    /// For each rule the alerts that are its sources, by the values of the labels in which both must agree.
    sources: Vec<BTreeMap<Vec<String>, Vec<Fingerprint>>>,
    now: Timestamp,
}

impl<'r> Holding<'r> {
    /// Looks at all alerts that are active for what may keep others quiet. A silenced source does so, too: silence says
    /// that somebody knows of it, not that it is over.
    pub fn of<'a>(
        routing: &'r Routing,
        silences: &'r Silences,
        active: impl Iterator<Item = (Fingerprint, &'a Labels)>,
        now: Timestamp,
    ) -> Self {
        let mut sources = vec![BTreeMap::new(); routing.inhibitions.len()];
        for (fingerprint, labels) in active {
            for (rule, found) in routing.inhibitions.iter().zip(&mut sources) {
                if rule.0.matches(labels) {
                    let causes: &mut Vec<_> =
                        found.entry(values(labels, &rule.2.equal)).or_default();
                    if causes.len() <= MAX_CAUSES {
                        causes.push(fingerprint);
                    }
                }
            }
        }
        Self { routing, silences, sources, now }
    }

    /// What keeps one alert quiet. An alert that is source and target of the same rule is not its own cause.
    pub fn held(&self, fingerprint: Fingerprint, labels: &Labels) -> Held {
        let mut causes = BTreeSet::new();
        for (rule, found) in self.routing.inhibitions.iter().zip(&self.sources) {
            if !rule.1.matches(labels) || rule.0.matches(labels) {
                continue;
            }
            let agreeing = found.get(&values(labels, &rule.2.equal)).into_iter().flatten();
            causes.extend(agreeing.filter(|cause| **cause != fingerprint));
        }
        Held {
            silenced_by: self.silences.matching(labels),
            inhibited_by: causes.into_iter().take(MAX_CAUSES).collect(),
            muted: self.routing.route(labels, self.now).muted,
        }
    }
}

fn values(labels: &Labels, names: &[String]) -> Vec<String> {
    names.iter().map(|name| labels.get(name).to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::table;

    #[test]
    fn a_cause_keeps_its_effects_quiet_and_never_itself() {
        let workspace = table(
            "AlertingStrategy/a: {principles: [], routing: {inhibit: [{source: ['alertname=\"SiteDown\"'], target: ['alertname!=\"\"'], equal: [site]}]}}",
        );
        let routing = Routing::of(workspace.model());
        let silences = Silences::default();
        let all: Vec<_> = [("SiteDown", "a"), ("Slow", "a"), ("Slow", "b")]
            .map(|(name, site)| Labels::of([("alertname", name), ("site", site)]))
            .into_iter()
            .map(|labels| (labels.fingerprint(), labels))
            .collect();
        let active = all.iter().map(|(fingerprint, labels)| (*fingerprint, labels));
        let now = "2026-11-23T10:00:00Z".parse().expect("a moment");
        let holding = Holding::of(&routing, &silences, active, now);
        let held: Vec<_> = all
            .iter()
            .map(|(fingerprint, labels)| holding.held(*fingerprint, labels).inhibited_by)
            .collect();
        assert_eq!(held, [vec![], vec![all[0].0], vec![]]);
    }
}
