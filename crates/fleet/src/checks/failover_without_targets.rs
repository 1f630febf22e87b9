//! A failover plan says how long it may take and how much data may be missing.

use diag::{Code, Diagnostic, RuleInfo, Severity};
use playbook::{Check, Resource, Rule};

use crate::kinds::FailoverPlan;

/// A failover plan says how long it may take and how much data may be missing.
pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        code: Code("FLT005"),
        name: "failover-without-targets",
        severity: Severity::Note,
        summary: "A failover plan says how long it may take and how much data may be missing.",
        page: PAGE,
    },
    check: Check::Each(check),
};

const PAGE: &str = r#"A plan without a recovery time objective (RTO) and a recovery point objective (RPO) can neither be met nor missed, and a drill proves nothing.

Fails:

```yaml
apiVersion: council/v1
kind: FailoverPlan
metadata: {name: example}
spec: {from: eu-1, to: eu-2}
```

Mended:

```yaml
apiVersion: council/v1
kind: FailoverPlan
metadata: {name: example}
spec: {from: eu-1, to: eu-2, rto: 4h, rpo: 15m}
```
"#;

fn check(resource: &Resource, findings: &mut Vec<Diagnostic>) {
    let Some(plan) = resource.typed::<FailoverPlan>() else { return };
    if plan.rto.is_none() || plan.rpo.is_none() {
        let message = format!("{} has no recovery targets yet", resource.title());
        findings.push(
            Diagnostic::new(&RULE.info, resource.place.clone(), message)
                .why("without targets, nobody can say whether a failover worked")
                .hint("decide on `rto` and `rpo`")
                .subject(resource.id.to_string()),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::vocabulary::TRIAL;

    #[test]
    fn missing_targets_are_found() {
        TRIAL.finds(
            &RULE,
            "
            FailoverPlan/a: {from: eu-1, to: eu-2}
            FailoverPlan/b: {from: eu-1, to: eu-2, rto: 4h}
        ",
            &[("a", "a has no recovery targets yet"), ("b", "b has no recovery targets yet")],
        );
    }

    #[test]
    fn both_targets_are_right() {
        TRIAL.finds(
            &RULE,
            "
            FailoverPlan/a: {from: eu-1, to: eu-2, rto: 4h, rpo: 15m}
        ",
            &[],
        );
    }
}
