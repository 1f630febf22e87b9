//! The groups of one objective: measured often, measured seldom, alerts.

use std::collections::BTreeSet;

use super::alerts;
use super::expressions::{
    ERRORS, EVENTS, OFTEN, RATIO, SAMPLE, error_ratio, errors, events, of, ratio,
};
use super::group::{Group, Rule, RuleKind};
use crate::slo::{Indicator, Minutes, Slo, Window};

/// How often long windows are measured. Series older than five minutes count as gone, so it stays below.
const SELDOM: Minutes = Minutes::of(2);
/// Windows from here on are long.
const LONG: Minutes = Minutes::of_hours(12);

/// Makes the groups of one objective; none of one that council counts itself.
#[must_use]
pub fn groups(slo: &Slo) -> Vec<Group> {
    if matches!(slo.indicator, Indicator::Own(_)) {
        return Vec::new();
    }
    let mut often = measured(slo);
    let mut seldom = Vec::new();
    for window in windows(slo) {
        let mut labels = labels(slo);
        labels.push(("slo_window".to_owned(), window.to_string()));
        let kind = RuleKind::Record(format!("{RATIO}{window}"));
        let rule = Rule { kind, expression: error_ratio(slo, window), labels };
        if window < LONG { often.push(rule) } else { seldom.push(rule) }
    }
    seldom.extend(metadata(slo));
    let alerts = alerts::rules(slo);
    let named = |part: &str, interval, rules| Group {
        name: format!("slo-{}-{part}", slo.id),
        interval,
        rules,
    };
    let mut groups = vec![named("indicator", OFTEN, often), named("budget", SELDOM, seldom)];
    if !alerts.is_empty() {
        groups.push(named("alerts", OFTEN, alerts));
    }
    groups
}

/// Every window that an alert or the budget looks at, and the five minutes that say how it goes now.
pub(super) fn windows(slo: &Slo) -> BTreeSet<Minutes> {
    let mut windows: BTreeSet<Minutes> = slo
        .alerts
        .iter()
        .flat_map(|rule| &rule.branches)
        .flat_map(crate::slo::Branch::windows)
        .collect();
    windows.insert(Minutes::FIVE);
    if matches!(slo.window, Window::Rolling(_)) {
        windows.insert(slo.window.length());
    }
    // Members of a composite are measured over whatever the composite may look at.
    if slo.alerts.is_empty() {
        windows.extend([30, 60, 120, 360, 1_440, 4_320].map(Minutes::of));
        windows.retain(|window| *window <= slo.window.length());
    }
    windows
}

/// The labels of every series.
pub(crate) fn labels(slo: &Slo) -> Vec<(String, String)> {
    let ours = [("slo", &slo.id), ("slo_service", &slo.service)];
    let ours = ours.map(|(key, value)| (key.to_owned(), value.clone()));
    let given = slo.labels.iter().map(|(key, value)| (key.clone(), value.clone()));
    ours.into_iter().chain(given).collect()
}

/// What the ratios are computed from.
fn measured(slo: &Slo) -> Vec<Rule> {
    let record = |name: &str, expression: String| Rule {
        kind: RuleKind::Record(name.to_owned()),
        expression,
        labels: labels(slo),
    };
    match &slo.indicator {
        Indicator::Events { counted, sort, total } => {
            vec![record(EVENTS, events(total)), record(ERRORS, errors(counted, *sort, total))]
        }
        Indicator::Samples(bad) => vec![record(SAMPLE, bad.trim().to_owned())],
        Indicator::Own(_) | Indicator::Ratio(_) | Indicator::Composite(_) => Vec::new(),
    }
}

/// What dashboards and people ask for.
fn metadata(slo: &Slo) -> Vec<Rule> {
    let id = slo.id.as_str();
    let record = |name: &str, expression: String| Rule {
        kind: RuleKind::Record(name.to_owned()),
        expression,
        labels: labels(slo),
    };
    let length = slo.window.length();
    let days = rust_decimal::Decimal::from(length.count()) / rust_decimal::Decimal::from(1_440);
    let on = "/ on (slo, slo_service) group_left";
    let budget = of("slo:error_budget:ratio", id);
    let mut rules = vec![
        record("slo:objective:ratio", format!("vector({})", slo.objective.ratio())),
        record("slo:error_budget:ratio", format!("vector({})", slo.objective.budget().ratio())),
        record("slo:time_period:days", format!("vector({})", days.round_dp(6).normalize())),
        record(
            "slo:current_burn_rate:ratio",
            format!("{}\n{on}\n{budget}", ratio(id, Minutes::FIVE)),
        ),
    ];
    if matches!(slo.window, Window::Rolling(_)) {
        rules.push(record(
            "slo:period_burn_rate:ratio",
            format!("{}\n{on}\n{budget}", ratio(id, length)),
        ));
        rules.push(record(
            "slo:period_error_budget_remaining:ratio",
            format!("1 - {}", of("slo:period_burn_rate:ratio", id)),
        ));
    }
    let mut info = record("slo_info", "vector(1)".to_owned());
    info.labels.push(("slo_objective".to_owned(), slo.objective.to_string()));
    info.labels.push(("slo_source".to_owned(), slo.source.clone()));
    rules.push(info);
    rules
}
