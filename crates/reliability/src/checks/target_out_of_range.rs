//! A target is at least 0 and less than 1, or less than 100 in percent.

use diag::{Code, Diagnostic, RuleInfo, Severity};
use playbook::{Check, Resource, Rule, Spanned};

use crate::kinds::openslo::Slo;

/// A target is at least 0 and less than 1, or less than 100 in percent.
pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        code: Code("REL001"),
        name: "target-out-of-range",
        severity: Severity::Error,
        summary: "A target is at least 0 and less than 1, or less than 100 in percent.",
        page: PAGE,
    },
    check: Check::Each(check),
};

const PAGE: &str = r#"An objective of 1 leaves no budget: the first failed request breaks it for the whole window, and every alert about it divides by zero. 99.9 where a ratio is expected is the same mistake in other clothes.

Fails:

```yaml
apiVersion: openslo/v1
kind: SLO
metadata: {name: checkout}
spec: {service: x, indicatorRef: a, timeWindow: [{duration: 30d, isRolling: true}], budgetingMethod: Occurrences, objectives: [{target: 99.9}]}
---
apiVersion: openslo/v1
kind: SLI
metadata: {name: a}
spec: {ratioMetric: {counter: true, good: {metricSource: {spec: {query: g}}}, total: {metricSource: {spec: {query: t}}}}}
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
metadata: {name: checkout}
spec: {service: x, indicatorRef: a, timeWindow: [{duration: 30d, isRolling: true}], budgetingMethod: Occurrences, objectives: [{target: 0.999}]}
---
apiVersion: openslo/v1
kind: SLI
metadata: {name: a}
spec: {ratioMetric: {counter: true, good: {metricSource: {spec: {query: g}}}, total: {metricSource: {spec: {query: t}}}}}
---
apiVersion: openslo/v1
kind: Service
metadata: {name: x}
spec: {}
```
"#;

fn check(resource: &Resource, findings: &mut Vec<Diagnostic>) {
    let Some(slo) = resource.typed::<Slo>() else { return };
    for objective in &slo.objectives.value {
        // A slice may be asked to be perfect: its budget is the number of slices.
        let targets = [
            (&objective.target, 1.0, false, "0.999"),
            (&objective.target_percent, 100.0, false, "99.9"),
            (&objective.time_slice_target, 1.0, true, "0.95"),
        ];
        for (target, end, may_reach_it, example) in targets {
            let Some(target) = target else { continue };
            let fits = (0.0..end).contains(&target.value)
                || (may_reach_it && (0.0..=end).contains(&target.value));
            if !fits {
                findings.push(out_of_range(resource, target, end, example));
            }
        }
    }
}

fn out_of_range(resource: &Resource, target: &Spanned<f64>, end: f64, example: &str) -> Diagnostic {
    let message = format!("a target of `{}` leaves no budget or is no target", target.value);
    Diagnostic::new(&RULE.info, resource.at(target.span), message)
        .why(format!("it lies from 0 up to but not including {end}"))
        .hint(format!("write a number such as `{example}`"))
        .subject(resource.id.to_string())
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::vocabulary::TRIAL;

    #[test]
    fn ratios_of_one_and_percents_are_found() {
        TRIAL.finds(&RULE, "
            SLO@openslo/v1/a: {service: x, indicatorRef: a, timeWindow: [{duration: 30d, isRolling: true}], budgetingMethod: Occurrences, objectives: [{target: 1}]}
            SLO@openslo/v1/b: {service: x, indicatorRef: a, timeWindow: [{duration: 30d, isRolling: true}], budgetingMethod: Occurrences, objectives: [{target: 99.9}]}
            SLO@openslo/v1/c: {service: x, indicatorRef: a, timeWindow: [{duration: 30d, isRolling: true}], budgetingMethod: Occurrences, objectives: [{target: -0.1}]}
        ", &[("1", "a target of `1` leaves no budget or is no target"), ("99.9", "a target of `99.9` leaves no budget or is no target"), ("-0.1", "a target of `-0.1` leaves no budget or is no target")]);
    }

    #[test]
    fn targets_below_one_are_right() {
        TRIAL.finds(&RULE, "
            SLO@openslo/v1/a: {service: x, indicatorRef: a, timeWindow: [{duration: 30d, isRolling: true}], budgetingMethod: Occurrences, objectives: [{target: 0.999}]}
            SLO@openslo/v1/b: {service: x, indicatorRef: a, timeWindow: [{duration: 30d, isRolling: true}], budgetingMethod: Occurrences, objectives: [{target: 0}]}
        ", &[]);
    }
}
