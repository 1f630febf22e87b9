//! Unit tests for `promtool`: every branch of every alert fires above its threshold, and keeps silent
//! when only one of its windows burns, or when too little happened.
//!
//! The tests feed the recorded series, not the raw metrics: what an alert decides is tested without
//! having to invent series for whatever query a person wrote.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::alerts::{ABSENT, PATIENCE, burn_annotations, burn_labels, health_labels};
use super::expressions::{EVENTS, RATIO, events_in};
use super::group::RuleKind;
use super::groups::labels;
use super::yaml::{Quoted, comment, push};
use crate::slo::{AlertRule, Branch, Indicator, Minutes, Slo, Template};

/// Renders the tests of one objective; `rules` is the path of its rule file from theirs.
#[must_use]
pub fn tests(slo: &Slo, rules: &str) -> String {
    let mut text =
        String::from("# Generated from the playbook. Run: promtool test rules <this file>\n");
    push(
        &mut text,
        format_args!("rule_files: [{}]\nevaluation_interval: 1m\ntests:\n", Quoted(rules)),
    );
    let alone = Alone::of(slo);
    if alone.is_measured || (alone.has_errors && feeds_events(slo)) {
        comment(
            &mut text,
            "A query that yields numbers without any series cannot be fed others: its alerts are not tested",
        );
    } else {
        write_cases(&mut text, slo);
    }
    if super::alerts::rules(slo).is_empty() || alone.is_measured {
        text.push_str("- input_series: []\n");
    } else {
        write_absent(&mut text, slo);
    }
    text
}

fn write_cases(text: &mut String, slo: &Slo) {
    for rule in &slo.alerts {
        if !slo.alerts.iter().filter(|other| other.name == rule.name).all(is_predictable) {
            let name = &rule.name;
            comment(
                text,
                &format!("{name} has annotations whose text only Prometheus knows: not tested"),
            );
            continue;
        }
        for branch in &rule.branches {
            for case in cases(slo, branch) {
                write_case(text, slo, rule, &case);
            }
        }
    }
}

/// Whether queries yield numbers without any series, as `x or vector(0)` does.
struct Alone {
    /// Something is measured.
    is_measured: bool,
    /// Errors are counted.
    has_errors: bool,
}

impl Alone {
    fn of(slo: &Slo) -> Self {
        let yields =
            |text: &str| ["vector(", "absent", "time()"].iter().any(|word| text.contains(word));
        let of = |template: &Template| yields(&template.over(Minutes::FIVE));
        let (is_measured, has_errors) = match &slo.indicator {
            Indicator::Events { counted, total, .. } => (of(total), of(counted)),
            Indicator::Ratio(ratio) => (of(ratio), false),
            Indicator::Samples(bad) => (yields(bad), false),
            // There are no rules that could be fed.
            Indicator::Own(_) => (true, true),
            Indicator::Composite(_) => (false, false),
        };
        Self { is_measured, has_errors }
    }
}

/// Whether an alert asks how much happened, so that a test has to say so.
fn feeds_events(slo: &Slo) -> bool {
    slo.minimum_events > 0 && events_in(slo, Minutes::FIVE).is_some()
}

/// What the series say in one test.
struct Case {
    name: String,
    ratios: BTreeMap<Minutes, Decimal>,
    /// Events a second.
    events: Decimal,
    /// How long until the alert is asked for.
    after: Minutes,
}

fn cases(slo: &Slo, branch: &Branch) -> Vec<Case> {
    let threshold = slo.objective.budget().threshold(branch.burn);
    // Between the threshold and everything failing; at the threshold itself where that is everything.
    let above = (threshold + Decimal::ONE) / Decimal::TWO;
    let below = threshold * Decimal::new(99, 2);
    let plenty = Decimal::from(slo.minimum_events + 1);
    let case = |name: &str, long: Decimal, short: Decimal, events: Decimal| {
        let mut ratios = BTreeMap::from([(branch.long, long)]);
        ratios.extend(branch.short.map(|window| (window, short)));
        let name = format!("{name}: {} and {}", branch.long, branch.burn);
        Case { name, ratios, events, after: Minutes::of(10) }
    };
    let mut cases = vec![case("fires", above, above, plenty)];
    cases.push(case("the long window does not burn", below, above, plenty));
    if branch.short.is_some() {
        cases.push(case("it is over", above, below, plenty));
    }
    if slo.minimum_events > 0 && events_in(slo, branch.long).is_some() {
        // Half of the events that it takes.
        let few = Decimal::from(slo.minimum_events) / Decimal::from(branch.long.count() * 120);
        cases.push(case("too little happened", above, above, few));
    }
    cases
}

fn write_case(text: &mut String, slo: &Slo, rule: &AlertRule, case: &Case) {
    let after = Minutes::of(case.after.count() + rule.hold.map_or(0, Minutes::count));
    push(text, format_args!("- name: {}\n  interval: 1m\n  input_series:\n", Quoted(&case.name)));
    for (window, value) in &case.ratios {
        let window_label = ("slo_window".to_owned(), window.to_string());
        let labels: Vec<_> = labels(slo).into_iter().chain([window_label]).collect();
        write_series(text, (&format!("{RATIO}{window}"), &labels), *value, after);
    }
    if feeds_events(slo) {
        write_series(text, (EVENTS, &labels(slo)), case.events, after);
    }
    let firing: Vec<&AlertRule> = slo
        .alerts
        .iter()
        .filter(|other| other.name == rule.name && fires(slo, other, case))
        .collect();
    push(
        text,
        format_args!(
            "  alert_rule_test:\n  - eval_time: {after}\n    alertname: {}\n    exp_alerts:",
            Quoted(&rule.name)
        ),
    );
    text.push_str(if firing.is_empty() { " []\n" } else { "\n" });
    for rule in firing {
        let labels = alert_labels(slo, rule);
        let annotations = burn_annotations(slo, rule);
        let expand = |(key, value): (String, String)| (key, expanded(&value, &labels));
        let annotations: Vec<_> = annotations.into_iter().map(expand).collect();
        write_alert(text, &labels, &annotations);
    }
}

/// What Prometheus makes of `{{ $labels.name }}`.
fn expanded(text: &str, labels: &[(String, String)]) -> String {
    let Some((before, behind)) = text.split_once("{{") else { return text.to_owned() };
    let Some((inside, after)) = behind.split_once("}}") else { return text.to_owned() };
    let value = label(inside).and_then(|name| labels.iter().find(|(key, _)| key == name));
    let value = value.map_or("", |(_, value)| value);
    format!("{before}{value}{}", expanded(after, labels))
}

/// The label that a template asks for; `None` when it asks for anything else.
fn label(inside: &str) -> Option<&str> {
    inside.trim().strip_prefix("$labels.")
}

/// Whether the tests can know what an annotation says; it may ask for the time or for a query.
fn is_predictable(rule: &AlertRule) -> bool {
    rule.annotations.values().all(|text| {
        text.split("{{").skip(1).all(|part| {
            let inside = part.split_once("}}").map(|(inside, _)| inside);
            inside.and_then(label).is_some_and(|name| !name.contains(['|', ' ']))
        })
    })
}

/// Whether a rule fires for these series, by the same arithmetic that the rule itself has.
fn fires(slo: &Slo, rule: &AlertRule, case: &Case) -> bool {
    rule.branches.iter().any(|branch| {
        let threshold = slo.objective.budget().threshold(branch.burn);
        let burns = |window: Minutes| {
            let ratio = case.ratios.get(&window).copied();
            ratio.is_some_and(|ratio| match branch.comparison {
                ">" => ratio > threshold,
                _ => ratio >= threshold,
            })
        };
        // Samples come once a minute, the first one at the start.
        let seconds = Decimal::from((case.after.count() + 1) * 60);
        let enough = slo.minimum_events == 0
            || events_in(slo, branch.long).is_none()
            || case.events * seconds >= Decimal::from(slo.minimum_events);
        branch.windows().all(burns) && enough
    })
}

/// Labels of an alert: those of its series, and its own over them.
fn alert_labels(slo: &Slo, rule: &AlertRule) -> Vec<(String, String)> {
    let mut all: BTreeMap<String, String> = labels(slo).into_iter().collect();
    all.extend(burn_labels(slo, rule));
    all.into_iter().collect()
}

/// With no series at all, the indicator is absent.
fn write_absent(text: &mut String, slo: &Slo) {
    let after = Minutes::of(PATIENCE.count() + 5);
    push(
        text,
        format_args!(
            "- name: \"nothing is measured\"\n  interval: 1m\n  input_series: []\n  alert_rule_test:\n  - eval_time: {after}\n    alertname: {ABSENT}\n    exp_alerts:\n"
        ),
    );
    let labels = [vec![("slo".to_owned(), slo.id.clone())], health_labels(slo)].concat();
    let rules = super::alerts::rules(slo);
    let annotations = rules.iter().find_map(|rule| match &rule.kind {
        RuleKind::Alert { name, annotations, .. } if name == ABSENT => Some(annotations.as_slice()),
        RuleKind::Alert { .. } | RuleKind::Record(_) => None,
    });
    write_alert(text, &labels, annotations.unwrap_or_default());
}

fn write_series(
    text: &mut String,
    (metric, labels): (&str, &[(String, String)]),
    value: Decimal,
    minutes: Minutes,
) {
    let labels: Vec<String> =
        labels.iter().map(|(key, value)| format!("{key}={}", Quoted(value))).collect();
    let series = format!("{metric}{{{}}}", labels.join(","));
    push(
        text,
        format_args!(
            "  - series: {}\n    values: \"{value}+0x{}\"\n",
            Quoted(&series),
            minutes.count() + 1
        ),
    );
}

fn write_alert(text: &mut String, labels: &[(String, String)], annotations: &[(String, String)]) {
    for (name, indent, pairs) in
        [("exp_labels", "    - ", labels), ("exp_annotations", "      ", annotations)]
    {
        push(text, format_args!("{indent}{name}:\n"));
        for (key, value) in pairs {
            push(text, format_args!("        {key}: {}\n", Quoted(value)));
        }
    }
}
