//! A cost is spread over 1 to 240 months.

use diag::{Code, Diagnostic, RuleInfo, Severity};
use playbook::{Check, Resource, Rule};

use crate::kinds::CostComponent;

/// A cost is spread over 1 to 240 months.
pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        code: Code("FIN001"),
        name: "amortization-out-of-range",
        severity: Severity::Error,
        summary: "A cost is spread over 1 to 240 months.",
        page: PAGE,
    },
    check: Check::Each(check),
};

const PAGE: &str = r#"Nothing can be spread over no month, and hardware that is written off over more than twenty years is a typing mistake.

Fails:

```yaml
apiVersion: council/v1
kind: CostComponent
metadata: {name: hardware}
spec: {class: hardware, measured_by: Price., amortized_over_months: 480}
```

Mended:

```yaml
apiVersion: council/v1
kind: CostComponent
metadata: {name: hardware}
spec: {class: hardware, measured_by: Price., amortized_over_months: 48}
```
"#;

/// Up to twenty years, the longest that anybody writes off machines or buildings' fittings.
const MONTHS: std::ops::RangeInclusive<u32> = 1..=240;

fn check(resource: &Resource, findings: &mut Vec<Diagnostic>) {
    let Some(component) = resource.typed::<CostComponent>() else { return };
    let Some(months) = &component.amortized_over_months else { return };
    if !MONTHS.contains(&months.value) {
        let message = format!("nothing is spread over {} months", months.value);
        findings.push(
            Diagnostic::new(&RULE.info, resource.at(months.span), message)
                .why("servers are usually written off over 36 to 60 months")
                .hint("write a number of months from 1 to 240")
                .subject(resource.id.to_string()),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::vocabulary::TRIAL;

    #[test]
    fn no_month_and_too_many_are_found() {
        TRIAL.finds(
            &RULE,
            "
            CostComponent/a: {class: hardware, amortized_over_months: 0}
            CostComponent/b: {class: hardware, amortized_over_months: 241}
        ",
            &[
                ("0", "nothing is spread over 0 months"),
                ("241", "nothing is spread over 241 months"),
            ],
        );
    }

    #[test]
    fn both_ends_are_right() {
        TRIAL.finds(
            &RULE,
            "
            CostComponent/a: {class: hardware, amortized_over_months: 1}
            CostComponent/b: {class: hardware, amortized_over_months: 240}
        ",
            &[],
        );
    }
}
