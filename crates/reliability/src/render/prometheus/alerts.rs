//! Alerts: the budget burns, the indicator is gone, the indicator is impossible.

use super::expressions::{EVENTS, SAMPLE, events_in, of, ratio};
use super::group::{Rule, RuleKind};
use super::groups::labels;
use crate::slo::{AlertRule, Branch, Indicator, Minutes, Slo};

/// The indicator's series are gone.
pub(crate) const ABSENT: &str = "SloIndicatorAbsent";
/// The indicator says what cannot be.
pub(super) const IMPOSSIBLE: &str = "SloIndicatorImpossible";
/// A restart or a deployment leaves gaps of some minutes, which are no trouble with the indicator.
pub(crate) const PATIENCE: Minutes = Minutes::of(15);

/// The alerts of one objective. A member of a composite has none: its composite speaks for it.
pub(super) fn rules(slo: &Slo) -> Vec<Rule> {
    let is_own = matches!(slo.indicator, Indicator::Own(_));
    if is_own || (slo.alerts.is_empty() && slo.held.is_empty()) {
        return Vec::new();
    }
    let mut rules: Vec<Rule> = slo.alerts.iter().map(|rule| burn(slo, rule)).collect();
    rules.push(absent(slo));
    rules.push(impossible(slo));
    rules
}

fn burn(slo: &Slo, rule: &AlertRule) -> Rule {
    let branches: Vec<String> = rule.branches.iter().map(|one| branch(slo, one)).collect();
    Rule {
        kind: RuleKind::Alert {
            name: rule.name.clone(),
            hold: rule.hold,
            annotations: burn_annotations(slo, rule),
        },
        expression: branches.join("\nor\n"),
        labels: burn_labels(slo, rule),
    }
}

/// One branch: each side loses the label of its window, so that the sides match.
fn branch(slo: &Slo, branch: &Branch) -> String {
    let threshold = slo.objective.budget().threshold(branch.burn);
    let comparison = branch.comparison;
    let mut sides: Vec<String> = branch
        .windows()
        .map(|window| {
            let ratio = ratio(&slo.id, window);
            format!("max without (slo_window) ({ratio} {comparison} {threshold})")
        })
        .collect();
    if slo.minimum_events > 0 {
        let enough = events_in(slo, branch.long);
        sides.extend(enough.map(|events| format!("{events} >= {}", slo.minimum_events)));
    }
    format!("(\n  {}\n)", sides.join("\n  and\n  "))
}

/// Labels that an alert has beside those of its series.
pub(crate) fn burn_labels(slo: &Slo, rule: &AlertRule) -> Vec<(String, String)> {
    let given = rule.labels.iter().map(|(key, value)| (key.clone(), value.clone()));
    [own("service", &slo.service), own("severity", &rule.severity)]
        .into_iter()
        .chain(given)
        .collect()
}

/// What an alert tells.
pub(crate) fn burn_annotations(slo: &Slo, rule: &AlertRule) -> Vec<(String, String)> {
    let length = slo.window.length();
    let whys: Vec<String> = rule.branches.iter().map(|one| one.explanation(length)).collect();
    let mut description = format!("{}.", whys.join("; or "));
    if let Some(first) = description.get(..1).map(str::to_uppercase) {
        description.replace_range(..1, &first);
    }
    let hold = rule.hold.map_or_else(
        || "No `for`: the windows are the delay.".to_owned(),
        |hold| format!("It must hold for {}.", hold.words()),
    );
    description = format!("{description} {hold}");
    if slo.minimum_events > 0 && events_in(slo, length).is_some() {
        description += &format!(
            " With fewer than {} events in the long window it stays silent.",
            slo.minimum_events
        );
    }
    let summary = format!("{}: the error budget burns too fast", slo.title);
    annotations(slo, &summary, description, &rule.annotations)
}

fn absent(slo: &Slo) -> Rule {
    let series = match &slo.indicator {
        Indicator::Events { .. } => of(EVENTS, &slo.id),
        Indicator::Samples(_) => of(SAMPLE, &slo.id),
        Indicator::Own(_) | Indicator::Ratio(_) | Indicator::Composite(_) => {
            ratio(&slo.id, Minutes::FIVE)
        }
    };
    let description = format!(
        "Nothing was measured for {}: the budget is unknown, and no other alert of this objective can fire. Absent is not the same as no traffic.",
        PATIENCE.words()
    );
    health(slo, ABSENT, format!("absent({series})"), ("the indicator is gone", description))
}

fn impossible(slo: &Slo) -> Rule {
    let ratio = ratio(&slo.id, Minutes::FIVE);
    // Rates are extrapolated to the window's ends, so two counters may differ by a little.
    let expression = format!("{ratio} > 1.01 or {ratio} < -0.01");
    let description = "The ratio of errors is below 0 or above 1: more good or bad events than events. The two queries count different things.".to_owned();
    health(slo, IMPOSSIBLE, expression, ("the indicator counts what cannot be", description))
}

fn health(slo: &Slo, name: &str, expression: String, said: (&str, String)) -> Rule {
    let (what, why) = said;
    let summary = format!("{}: {what}", slo.title);
    Rule {
        kind: RuleKind::Alert {
            name: name.to_owned(),
            hold: Some(PATIENCE),
            annotations: annotations(slo, &summary, why, &std::collections::BTreeMap::new()),
        },
        expression,
        labels: health_labels(slo),
    }
}

/// Labels of the alerts about the indicator. `absent` yields no labels but `slo`, so all are set here.
pub(crate) fn health_labels(slo: &Slo) -> Vec<(String, String)> {
    let all = labels(slo).into_iter().skip(1);
    all.chain([own("service", &slo.service), own("severity", "ticket")]).collect()
}

fn annotations(
    slo: &Slo,
    summary: &str,
    description: String,
    given: &std::collections::BTreeMap<String, String>,
) -> Vec<(String, String)> {
    // A title may hold `{{`, which Prometheus would read as a template of its own.
    let mut all = std::collections::BTreeMap::from([
        ("description".to_owned(), description),
        ("summary".to_owned(), summary.replace("{{", "{ {")),
    ]);
    if let Some(runbook) = &slo.runbook {
        all.insert("runbook_url".to_owned(), runbook.clone());
    }
    all.extend(given.iter().map(|(key, value)| (key.clone(), value.clone())));
    all.into_iter().collect()
}

fn own(key: &str, value: &str) -> (String, String) {
    (key.to_owned(), value.to_owned())
}
