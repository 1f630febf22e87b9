//! Every objective is watched: rules can be rendered for it.

use diag::{Code, Diagnostic, RuleInfo, Severity};
use playbook::{Check, Facts, Model, Rule};

use crate::slo::{Told, lower};

/// Every objective is watched: rules can be rendered for it.
pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        code: Code("REL027"),
        name: "slo-unwatched",
        severity: Severity::Warning,
        summary: "Every objective is watched: rules can be rendered for it.",
        page: PAGE,
    },
    check: Check::Whole(check),
};

const PAGE: &str = r#"An objective that no rule measures is a promise that nobody keeps an eye on. It happens when a metric source has no query, a threshold has nothing to compare with, an alert has no fixed length, or a Sloth file asks for a plugin, which is a program that is not run here. Objectives on other software than Prometheus are left alone: that software watches them.

Fails:

```yaml
apiVersion: openslo/v1
kind: SLO
metadata: {name: lag}
spec: {service: x, indicatorRef: a, timeWindow: [{duration: 30d, isRolling: true}], budgetingMethod: Occurrences, objectives: [{target: 0.99}]}
---
apiVersion: openslo/v1
kind: SLI
metadata: {name: a}
spec: {thresholdMetric: {metricSource: {spec: {query: lag_seconds}}}}
---
apiVersion: openslo/v1
kind: Service
metadata: {name: x}
spec: {}
```

Mended:

```yaml
apiVersion: openslo/v1
kind: SLO
metadata: {name: lag}
spec: {service: x, indicatorRef: a, timeWindow: [{duration: 30d, isRolling: true}], budgetingMethod: Occurrences, objectives: [{target: 0.99, op: lt, value: 10}]}
---
apiVersion: openslo/v1
kind: SLI
metadata: {name: a}
spec: {thresholdMetric: {metricSource: {spec: {query: lag_seconds}}}}
---
apiVersion: openslo/v1
kind: Service
metadata: {name: x}
spec: {}
```
"#;

fn check(model: &Model, _: &Facts, findings: &mut Vec<Diagnostic>) {
    for skipped in lower(model).skipped.iter().filter(|one| one.told == Told::Here) {
        let message = format!("no rules are rendered for this objective: {}", skipped.reason);
        findings.push(
            Diagnostic::new(&RULE.info, skipped.place.clone(), message)
                .why("nothing would alert, whatever happens to it")
                .hint("complete it, or take it out until it can be measured")
                .subject(skipped.source.clone()),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::vocabulary::TRIAL;

    #[test]
    fn objectives_without_rules_are_found() {
        TRIAL.finds(
            &RULE,
            "
            SLI@openslo/v1/i: {thresholdMetric: {metricSource: {spec: {query: lag}}}}
            SLI@openslo/v1/j: {ratioMetric: {good: {metricSource: {type: Prometheus}}, total: {metricSource: {spec: {query: t}}}}}
            SLO@openslo/v1/a: {service: x, indicatorRef: i, timeWindow: [{duration: 1w, isRolling: true}], budgetingMethod: Occurrences, objectives: [{target: 0.9}]}
            SLO@openslo/v1/b: {service: x, indicatorRef: j, timeWindow: [{duration: 1w, isRolling: true}], budgetingMethod: Occurrences, objectives: [{target: 0.9}]}
            PrometheusServiceLevel@sloth.slok.dev/v1/s: {service: s, slos: [{name: d, objective: 90, sli: {plugin: {id: clever}}}]}
            ",
            &[
                (
                    "lag",
                    "no rules are rendered for this objective: a threshold metric needs `op` and `value` in its objective",
                ),
                (
                    "{good: {metricSource: {type: Prometheus}}, total: {metricSource: {spec: {query: t}}}}",
                    "no rules are rendered for this objective: its metric source has no `query`",
                ),
                (
                    "{id: clever}",
                    "no rules are rendered for this objective: its indicator is the plugin `clever`, which is a program",
                ),
            ],
        );
    }

    #[test]
    fn what_is_measured_elsewhere_or_can_be_rendered_is_right() {
        TRIAL.finds(
            &RULE,
            "
            SLI@openslo/v1/i: {thresholdMetric: {metricSource: {type: Datadog, spec: {query: lag}}}}
            SLO@openslo/v1/a: {service: x, indicatorRef: i, timeWindow: [{duration: 1w, isRolling: true}], budgetingMethod: Occurrences, objectives: [{target: 0.9}]}
            PrometheusServiceLevel@sloth.slok.dev/v1/s: {service: s, slos: [{name: d, objective: 99, sli: {raw: {error_ratio_query: e}}}]}
            ",
            &[],
        );
    }
}
