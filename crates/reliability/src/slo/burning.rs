//! Which alerts of an objective fire that council counts itself: what Prometheus would say by the rendered rules.
//!
//! Windows are made of steps of five minutes, and hold those at both ends whole. Several councils that fold the same record say
//! the same.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use rust_decimal::Decimal;

use super::{AlertRule, Branch, Minutes, Slo};
use crate::record::measurement::{STEP, State};
use crate::render::prometheus::{
    ABSENT, PATIENCE, burn_annotations, burn_labels, health_labels, labels,
};

/// An alert as it is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Burning {
    /// Its labels, its name among them.
    pub labels: BTreeMap<String, String>,
    /// What it tells.
    pub annotations: BTreeMap<String, String>,
}

/// The alerts of one objective that fire at a moment. `counted` is what was counted of its source.
#[must_use]
pub fn burning(slo: &Slo, counted: &State, now: Timestamp) -> Vec<Burning> {
    if slo.alerts.is_empty() && slo.held.is_empty() {
        return Vec::new();
    }
    let fires = slo.alerts.iter().filter(|rule| fires(slo, rule, counted, now));
    let mut all: Vec<Burning> = fires
        .map(|rule| {
            alert(
                &rule.name,
                labels(slo).into_iter().chain(burn_labels(slo, rule)),
                burn_annotations(slo, rule),
            )
        })
        .collect();
    all.extend(absent(slo, counted, now));
    all
}

fn alert(
    name: &str,
    labels: impl Iterator<Item = (String, String)>,
    annotations: Vec<(String, String)>,
) -> Burning {
    let name = [("alertname".to_owned(), name.to_owned())];
    Burning {
        labels: name.into_iter().chain(labels).collect(),
        annotations: annotations.into_iter().collect(),
    }
}

/// What was counted once and is not any more: the counter is gone, which is not the same as that all is well.
fn absent(slo: &Slo, counted: &State, now: Timestamp) -> Option<Burning> {
    let newest = counted.newest()?;
    (now.duration_since(newest) > duration(PATIENCE)).then(|| {
        let description = format!(
            "Nothing was counted for {}: the budget is unknown, and no other alert of this objective can fire.",
            PATIENCE.words()
        );
        let summary = format!("{}: the indicator is gone", slo.title);
        let texts = [("description", description), ("summary", summary)];
        let slo_label = [("slo".to_owned(), slo.id.clone())];
        let labels = slo_label.into_iter().chain(health_labels(slo));
        alert(ABSENT, labels, texts.map(|(name, text)| (name.to_owned(), text)).into())
    })
}

/// Whether any branch holds, and held for as long as the rule wants.
fn fires(slo: &Slo, rule: &AlertRule, counted: &State, now: Timestamp) -> bool {
    let hold = rule.hold.map_or(SignedDuration::ZERO, duration);
    let steps = hold.as_secs() / STEP;
    let moments = (0..=steps).map(|step| now.checked_sub(SignedDuration::from_secs(step * STEP)));
    moments.flatten().all(|at| rule.branches.iter().any(|branch| holds(slo, branch, counted, at)))
}

fn holds(slo: &Slo, branch: &Branch, counted: &State, at: Timestamp) -> bool {
    let threshold = slo.objective.budget().threshold(branch.burn);
    let within = |window| {
        let from = at.checked_sub(duration(window)).unwrap_or(Timestamp::MIN);
        counted.within((from, at))
    };
    let burns = |window| {
        let count = within(window);
        let ratio = Decimal::from(count.bad).checked_div(Decimal::from(count.total));
        ratio.is_some_and(|ratio| match branch.comparison {
            ">=" => ratio >= threshold,
            _ => ratio > threshold,
        })
    };
    branch.windows().all(burns) && within(branch.long).total >= u64::from(slo.minimum_events)
}

fn duration(minutes: Minutes) -> SignedDuration {
    SignedDuration::from_mins(i64::try_from(minutes.count()).unwrap_or(i64::MAX / 60))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::measurement::Count;
    use crate::slo::lower;
    use crate::testing::table;

    const PLAYBOOK: &str = "Service/shop: {}
         Probe/front: {service: shop, http: {url: 'https://shop'}}
         SLO@openslo/v1/shop: {service: shop, indicatorRef: a, budgetingMethod: Occurrences, objectives: [{target: 0.99}]}
         SLI@openslo/v1/a: {ratioMetric: {rawType: success, raw: {metricSource: {type: Probe, spec: {probe: front}}}}}";

    fn at(step: i64) -> Timestamp {
        Timestamp::from_second(1_700_000_100 / STEP * STEP + step * STEP).expect("a moment")
    }

    /// The severities that fire after so many good hours and then so many steps of failure, seen from so many steps later.
    #[track_caller]
    fn check((hours, failing, later): (i64, i64, i64), expected: &[&str]) {
        let workspace = table(PLAYBOOK);
        let slo = lower(workspace.model()).slos[0].clone();
        let mut counted = State::default();
        let trouble = hours * 12;
        for step in 0..trouble + failing {
            let bad = if step >= trouble { 10 } else { 0 };
            counted.add(at(step), Count { bad, total: 10 });
        }
        let fired = burning(&slo, &counted, at(trouble + failing + later));
        let severities: Vec<_> = fired.iter().map(|it| it.labels["severity"].as_str()).collect();
        assert_eq!(severities, expected, "{fired:?}");
    }

    #[test]
    fn what_burns_too_fast_fires_as_the_rendered_rules_say() {
        check((80, 0, 0), &[]);
        // 14.4 times a budget of 1 % within an hour: nine minutes of nothing but failure, so two steps.
        check((80, 1, 0), &[]);
        check((80, 2, 0), &["page"]);
        check((80, 24, 0), &["page", "ticket"]);
    }

    #[test]
    fn too_few_events_wake_nobody() {
        let workspace = table(PLAYBOOK);
        let slo = lower(workspace.model()).slos[0].clone();
        let mut counted = State::default();
        counted.add(at(0), Count { bad: 9, total: 9 });
        assert_eq!(burning(&slo, &counted, at(1)), []);
        counted.add(at(0), Count { bad: 1, total: 1 });
        assert_eq!(burning(&slo, &counted, at(1)).len(), 2);
    }

    #[test]
    fn what_is_not_counted_any_more_is_absent() {
        check((6, 0, 3), &[]);
        check((6, 0, 4), &["ticket"]);
        let workspace = table(PLAYBOOK);
        let slo = lower(workspace.model()).slos[0].clone();
        assert_eq!(burning(&slo, &State::default(), at(0)), []);
    }

    #[test]
    fn an_alert_has_the_labels_that_prometheus_would_give_it() {
        let workspace = table(PLAYBOOK);
        let slo = lower(workspace.model()).slos[0].clone();
        let mut counted = State::default();
        counted.add(at(0), Count { bad: 20, total: 20 });
        let fired = burning(&slo, &counted, at(1));
        let labels: Vec<_> =
            fired[0].labels.iter().map(|(name, value)| format!("{name}={value}")).collect();
        assert_eq!(
            labels,
            [
                "alertname=SloErrorBudgetBurn",
                "service=shop",
                "severity=page",
                "slo=shop",
                "slo_service=shop"
            ]
        );
        assert!(fired[0].annotations["summary"].contains("burns too fast"), "{fired:?}");
    }
}
