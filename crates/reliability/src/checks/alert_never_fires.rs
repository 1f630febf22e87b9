//! An alert about a burning budget can fire.

use diag::{Code, Diagnostic, RuleInfo, Severity, Span};
use playbook::{Check, Facts, Model, Resource, Rule};

use crate::kinds::SlothSpec;
use crate::kinds::openslo::Slo as Document;
use crate::slo::{Held, lower};

/// An alert about a burning budget can fire.
pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        code: Code("REL023"),
        name: "alert-never-fires",
        severity: Severity::Warning,
        summary: "An alert about a burning budget can fire.",
        page: PAGE,
    },
    check: Check::Whole(check),
};

const PAGE: &str = r#"A budget of one tenth cannot burn 14.4 times faster than evenly: that would be 144 % errors. Whenever burn rate × (1 − objective) reaches 1, the alert stays silent though everything fails, and nobody notices that it is missing. Such alerts are left out of the rules, so what remains is what works.

Fails:

```yaml
apiVersion: openslo/v1
kind: SLO
metadata: {name: batch}
spec: {service: x, indicatorRef: a, timeWindow: [{duration: 30d, isRolling: true}], budgetingMethod: Occurrences, objectives: [{target: 0.9}]}
---
apiVersion: openslo/v1
kind: SLI
metadata: {name: a}
spec: {ratioMetric: {counter: true, good: {metricSource: {spec: {query: g_total}}}, total: {metricSource: {spec: {query: t_total}}}}}
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
metadata: {name: batch}
spec: {service: x, indicatorRef: a, timeWindow: [{duration: 30d, isRolling: true}], budgetingMethod: Occurrences, objectives: [{target: 0.95}]}
---
apiVersion: openslo/v1
kind: SLI
metadata: {name: a}
spec: {ratioMetric: {counter: true, good: {metricSource: {spec: {query: g_total}}}, total: {metricSource: {spec: {query: t_total}}}}}
---
apiVersion: openslo/v1
kind: Service
metadata: {name: x}
spec: {}
```
"#;

fn check(model: &Model, _: &Facts, findings: &mut Vec<Diagnostic>) {
    for slo in &lower(model).slos {
        let silent: Vec<&Held> =
            slo.held.iter().filter(|held| held.reason.starts_with("it can never fire")).collect();
        let Some(first) = silent.first() else { continue };
        let Some((resource, span)) = place(model, &slo.source, &slo.id) else { continue };
        let names: Vec<String> = silent.iter().map(|held| format!("({})", held.alert)).collect();
        let message = format!("alerts of `{}` can never fire: {}", slo.id, names.join(", "));
        findings.push(
            Diagnostic::new(&RULE.info, resource.at(span), message)
                .why(first.reason.clone())
                .hint(
                    "raise the objective, or write an alert policy with a burn rate below that; they are left out of the rules",
                )
                .subject(resource.id.to_string()),
        );
    }
}

/// The document of an SLO, and what stands there about its objective.
fn place<'m>(model: &'m Model, source: &str, id: &str) -> Option<(&'m Resource, Span)> {
    let resource = model.resource(source)?;
    if let Some(document) = resource.typed::<Document>() {
        return Some((resource, document.objectives.span));
    }
    let document = resource.typed::<SlothSpec>()?;
    let written = document.spec.slos.iter().find(|one| id.ends_with(&one.name.value))?;
    Some((resource, written.objective.span))
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::vocabulary::TRIAL;

    const INDICATOR: &str = "indicator: {metadata: {name: a}, spec: {ratioMetric: {counter: true, good: {metricSource: {spec: {query: g_total}}}, total: {metricSource: {spec: {query: t_total}}}}}}, timeWindow: [{duration: 30d, isRolling: true}], budgetingMethod: Occurrences";

    #[test]
    fn alerts_that_would_need_more_than_all_to_fail_are_found() {
        let lines = format!(
            "SLO@openslo/v1/a: {{service: x, {INDICATOR}, objectives: [{{target: 0.9}}]}}
            SLO@openslo/v1/b: {{service: x, {INDICATOR}, objectives: [{{target: 0}}]}}
            SLO@openslo/v1/c: {{service: x, {INDICATOR}, objectives: [{{target: 0.9}}], alertPolicies: [{{kind: AlertPolicy, metadata: {{name: p}}, spec: {{conditions: [{{kind: AlertCondition, metadata: {{name: q}}, spec: {{severity: page, condition: {{kind: burnrate, threshold: 11, lookbackWindow: 1h, alertAfter: 1m}}}}}}], notificationTargets: []}}}}]}}
            PrometheusServiceLevel@sloth.slok.dev/v1/s: {{service: s, slos: [{{name: d, objective: 90, sli: {{raw: {{error_ratio_query: e}}}}}}]}}"
        );
        TRIAL.finds(
            &RULE,
            &lines,
            &[
                ("[{target: 0.9}]", "alerts of `a` can never fire: (page, 1h and 5m)"),
                (
                    "[{target: 0}]",
                    "alerts of `b` can never fire: (page, 1h and 5m), (page, 6h and 30m), (ticket, 1d and 2h), (ticket, 3d and 6h)",
                ),
                ("[{target: 0.9}]", "alerts of `c` can never fire: (page, 1h)"),
                ("90", "alerts of `s-d` can never fire: (page, 1h and 5m)"),
            ],
        );
    }

    #[test]
    fn an_objective_with_room_to_burn_is_right() {
        let lines = format!(
            "SLO@openslo/v1/a: {{service: x, {INDICATOR}, objectives: [{{target: 0.94}}]}}"
        );
        TRIAL.finds(&RULE, &lines, &[]);
    }
}
