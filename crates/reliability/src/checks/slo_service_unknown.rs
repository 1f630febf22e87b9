//! The service of an SLO is declared.

use diag::{Code, Diagnostic, RuleInfo, Severity};
use org::kinds::Service;
use playbook::{Check, Facts, Model, Rule};

use crate::kinds::openslo::{OpensloService, Slo};

/// The service of an SLO is declared.
pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        code: Code("REL004"),
        name: "slo-service-unknown",
        severity: Severity::Warning,
        summary: "The service of an SLO is declared.",
        page: PAGE,
    },
    check: Check::Whole(check),
};

const PAGE: &str = r#"An SLO is about a service. When nothing of that name is declared, neither as a Service of the playbook nor as one of OpenSLO's, nobody owns the objective and nobody is told when it is missed.

Fails:

```yaml
apiVersion: openslo/v1
kind: SLO
metadata: {name: checkout}
spec: {service: x, indicatorRef: a, timeWindow: [{duration: 30d, isRolling: true}], budgetingMethod: Occurrences, objectives: [{target: 0.99}]}
---
apiVersion: openslo/v1
kind: SLI
metadata: {name: a}
spec: {ratioMetric: {counter: true, good: {metricSource: {spec: {query: g}}}, total: {metricSource: {spec: {query: t}}}}}
```

Mended:

```yaml
apiVersion: openslo/v1
kind: SLO
metadata: {name: checkout}
spec: {service: x, indicatorRef: a, timeWindow: [{duration: 30d, isRolling: true}], budgetingMethod: Occurrences, objectives: [{target: 0.99}]}
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

fn check(model: &Model, _: &Facts, findings: &mut Vec<Diagnostic>) {
    for slo in model.all::<Slo>() {
        let service = &slo.spec.service;
        let name = service.value.as_str();
        let is_known =
            model.get::<Service>(name).is_some() || model.get::<OpensloService>(name).is_some();
        if !is_known {
            let message = format!("no service is called `{name}`");
            findings.push(
                Diagnostic::new(&RULE.info, slo.resource.at(service.span), message)
                    .why("an objective without a service has no owner")
                    .hint("declare a Service with this name, or correct it")
                    .subject(slo.resource.id.to_string()),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::vocabulary::TRIAL;

    #[test]
    fn an_unknown_service_is_found() {
        TRIAL.finds(&RULE, "
            SLO@openslo/v1/a: {service: x, indicatorRef: a, timeWindow: [{duration: 30d, isRolling: true}], budgetingMethod: Occurrences, objectives: [{target: 0.99}]}
        ", &[("x", "no service is called `x`")]);
    }

    #[test]
    fn services_of_both_kinds_are_right() {
        TRIAL.finds(&RULE, "
            Service/x: {owner: team/y}
            Service@openslo/v1/z: {}
            SLO@openslo/v1/a: {service: x, indicatorRef: a, timeWindow: [{duration: 30d, isRolling: true}], budgetingMethod: Occurrences, objectives: [{target: 0.99}]}
            SLO@openslo/v1/b: {service: z, indicatorRef: a, timeWindow: [{duration: 30d, isRolling: true}], budgetingMethod: Occurrences, objectives: [{target: 0.99}]}
        ", &[]);
    }
}
