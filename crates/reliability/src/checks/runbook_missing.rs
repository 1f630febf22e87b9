//! An alert has a runbook.

use diag::{Code, Diagnostic, RuleInfo, Severity};
use playbook::{Check, Facts, Model, Rule};

use crate::slo::lower;
use crate::views::{Sought, sought};

/// An alert has a runbook.
pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        code: Code("REL029"),
        name: "runbook-missing",
        severity: Severity::Note,
        summary: "An alert has a runbook.",
        page: PAGE,
    },
    check: Check::Whole(check),
};

const PAGE: &str = r##"Whoever is woken at three in the morning must not have to invent what to do. An alert has a runbook when its objective names one in the annotation `council/runbook` (a runbook's name, or a page elsewhere), or when a runbook says that it is about the service.

Fails:

```yaml
apiVersion: openslo/v1
kind: SLO
metadata: {name: a}
spec: {service: x, indicator: {metadata: {name: i}, spec: {ratioMetric: {counter: true, good: {metricSource: {type: Prometheus, spec: {query: sum(g)}}}, total: {metricSource: {type: Prometheus, spec: {query: sum(t)}}}}}}, timeWindow: [{duration: 30d, isRolling: true}], budgetingMethod: Occurrences, objectives: [{target: 0.99}]}
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
metadata: {name: a, annotations: {council/runbook: "https://wiki.example.com/slow"}}
spec: {service: x, indicator: {metadata: {name: i}, spec: {ratioMetric: {counter: true, good: {metricSource: {type: Prometheus, spec: {query: sum(g)}}}, total: {metricSource: {type: Prometheus, spec: {query: sum(t)}}}}}}, timeWindow: [{duration: 30d, isRolling: true}], budgetingMethod: Occurrences, objectives: [{target: 0.99}]}
---
apiVersion: openslo/v1
kind: Service
metadata: {name: x}
spec: {}
```
"##;

fn check(model: &Model, _: &Facts, findings: &mut Vec<Diagnostic>) {
    for slo in lower(model).slos.iter().filter(|slo| !slo.alerts.is_empty()) {
        let (Sought::Missing, Some(place)) = (sought(model, slo), model.resource(&slo.source))
        else {
            continue;
        };
        let message = format!("the alerts of \"{}\" have no runbook", slo.title);
        findings.push(
            Diagnostic::new(&RULE.info, place.place.clone(), message)
                .why("whoever is woken by them has to invent what to do")
                .hint(
                    "name one in the annotation `council/runbook`, or write one about the service",
                )
                .subject(slo.source.clone()),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::vocabulary::TRIAL;

    const SLO: &str = "Service@openslo/v1/x: {}
        SLO@openslo/v1/a: {service: x, indicator: {metadata: {name: i}, spec: {ratioMetric: {counter: true, good: {metricSource: {type: Prometheus, spec: {query: sum(g)}}}, total: {metricSource: {type: Prometheus, spec: {query: sum(t)}}}}}}, timeWindow: [{duration: 30d, isRolling: true}], budgetingMethod: Occurrences, objectives: [{target: 0.99}]}";

    #[test]
    fn an_alert_that_leaves_people_alone_is_found() {
        TRIAL.finds(&RULE, SLO, &[("a", "the alerts of \"a\" have no runbook")]);
    }

    #[test]
    fn a_runbook_about_the_service_is_enough() {
        let with =
            format!("{SLO}\nrunbooks/slow.md: {{runbook: It is slow., services: [x]}} | Look.");
        TRIAL.finds(&RULE, &with, &[]);
    }
}
