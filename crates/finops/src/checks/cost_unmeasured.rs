//! A cost component says how it is measured.

use diag::{Code, Diagnostic, RuleInfo, Severity};
use playbook::{Check, Resource, Rule};

use crate::kinds::CostComponent;

/// A cost component says how it is measured.
pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        code: Code("FIN002"),
        name: "cost-unmeasured",
        severity: Severity::Note,
        summary: "A cost component says how it is measured.",
        page: PAGE,
    },
    check: Check::Each(check),
};

const PAGE: &str = r#"A cost that nobody knows how to find is left out of every report, and the platform looks cheaper than it is.

Fails:

```yaml
apiVersion: council/v1
kind: CostComponent
metadata: {name: example}
spec: {class: power}
```

Mended:

```yaml
apiVersion: council/v1
kind: CostComponent
metadata: {name: example}
spec: {class: power, measured_by: Metered energy at the price of the contract.}
```
"#;

fn check(resource: &Resource, findings: &mut Vec<Diagnostic>) {
    let Some(component) = resource.typed::<CostComponent>() else { return };
    if component.measured_by.is_none() {
        let message = format!("nobody has said yet how {} is measured", resource.title());
        findings.push(
            Diagnostic::new(&RULE.info, resource.place.clone(), message)
                .why("what is not measured is missing from every report")
                .hint("write how the amount is found as `measured_by`")
                .subject(resource.id.to_string()),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::vocabulary::TRIAL;

    #[test]
    fn a_cost_without_measure_is_found() {
        TRIAL.finds(
            &RULE,
            "
            CostComponent/a: {class: staff}
        ",
            &[("a", "nobody has said yet how a is measured")],
        );
    }

    #[test]
    fn a_measure_is_right() {
        TRIAL.finds(
            &RULE,
            "
            CostComponent/a: {class: staff, measured_by: x}
        ",
            &[],
        );
    }
}
