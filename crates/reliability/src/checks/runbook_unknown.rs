//! A runbook that an alert names is there.

use diag::{Code, Diagnostic, RuleInfo, Severity};
use playbook::{Check, Facts, Model, Rule};

use crate::slo::lower;
use crate::views::{Sought, sought};

/// A runbook that an alert names is there.
pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        code: Code("REL030"),
        name: "runbook-unknown",
        severity: Severity::Error,
        summary: "A runbook that an alert names is there.",
        page: PAGE,
    },
    check: Check::Whole(check),
};

const PAGE: &str = r##"An annotation is a text, and a text can name what nobody ever wrote or what has been renamed since. It is found out in the worst moment.

Fails:

```yaml
apiVersion: openslo/v1
kind: SLO
metadata: {name: a, annotations: {council/runbook: slwo}}
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
    for slo in &lower(model).slos {
        let (Sought::Unknown(name), Some(place)) =
            (sought(model, slo), model.resource(&slo.source))
        else {
            continue;
        };
        let message = format!("\"{}\" names the runbook `{name}`, which is not there", slo.title);
        findings.push(
            Diagnostic::new(&RULE.info, place.place.clone(), message)
                .why("whoever follows it at night finds nothing")
                .hint("correct the annotation `council/runbook`, or write that runbook")
                .subject(slo.source.clone()),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::vocabulary::TRIAL;

    const SLO: &str = "{service: x, indicator: {metadata: {name: i}, spec: {ratioMetric: {counter: true, good: {metricSource: {type: Prometheus, spec: {query: sum(g)}}}, total: {metricSource: {type: Prometheus, spec: {query: sum(t)}}}}}}, timeWindow: [{duration: 30d, isRolling: true}], budgetingMethod: Occurrences, objectives: [{target: 0.99}]}";

    fn playbook(runbook: &str) -> Vec<(String, String)> {
        let slo = format!(
            "apiVersion: openslo/v1\nkind: SLO\nmetadata: {{name: a, annotations: {{council/runbook: \"{runbook}\"}}}}\nspec: {SLO}\n---\napiVersion: openslo/v1\nkind: Service\nmetadata: {{name: x}}\nspec: {{}}\n"
        );
        let book = "---\nrunbook: It is slow.\n---\n# Slow\n\nLook.\n".to_owned();
        let council = "apiVersion: council/v1\nkind: Organization\nmetadata: {name: example}\nspec: {purpose: x, north_star: Up., currency: EUR, time_zone: Europe/Berlin, public_holidays: [DE]}\n".to_owned();
        vec![
            ("council.yaml".to_owned(), council),
            ("slo.yaml".to_owned(), slo),
            ("slow.md".to_owned(), book),
        ]
    }

    #[track_caller]
    fn check(runbook: &str, expected: &[&str]) {
        let workspace = TRIAL.read_files(&playbook(runbook));
        let found: Vec<_> = trial::findings(&workspace)
            .into_iter()
            .filter(|found| found.code == RULE.info.code)
            .map(|found| found.message)
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn a_name_that_leads_nowhere_is_found() {
        check("slwo", &["\"a\" names the runbook `slwo`, which is not there"]);
    }

    #[test]
    fn names_references_and_addresses_are_right() {
        for right in ["slow", "runbook/slow", "https://wiki.example.com/slow"] {
            check(right, &[]);
        }
    }
}
