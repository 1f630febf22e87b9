//! A playbook has one gate policy at most.

use diag::{Code, Diagnostic, RuleInfo, Severity};
use playbook::{Check, Facts, Model, Rule};

use crate::kinds::GatePolicy;

/// A playbook has one gate policy at most.
pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        code: Code("GIT009"),
        name: "one-gate-policy",
        severity: Severity::Error,
        summary: "A playbook has one gate policy at most.",
        page: PAGE,
    },
    check: Check::Whole(check),
};

const PAGE: &str = r#"Of two policies one would silently not hold.

Fails:

```yaml
apiVersion: council/v1
kind: GatePolicy
metadata: {name: a}
spec: {}
---
apiVersion: council/v1
kind: GatePolicy
metadata: {name: b}
spec: {}
```

Mended:

```yaml
apiVersion: council/v1
kind: GatePolicy
metadata: {name: a}
spec: {}
```
"#;

fn check(model: &Model, _: &Facts, findings: &mut Vec<Diagnostic>) {
    let mut policies = model.all::<GatePolicy>();
    let Some(first) = policies.next() else { return };
    for other in policies {
        let message = format!("`{}` is a second gate policy", other.name());
        findings.push(
            Diagnostic::new(&RULE.info, other.resource.place.clone(), message)
                .why("every change is judged by one policy")
                .hint("merge the two")
                .subject(other.resource.id.to_string())
                .related(first.resource.place.clone(), "the first one"),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::vocabulary::TRIAL;

    #[test]
    fn a_second_policy_is_found() {
        TRIAL.finds(
            &RULE,
            "GatePolicy/a: {}\nGatePolicy/b: {}",
            &[("b", "`b` is a second gate policy")],
        );
    }

    #[test]
    fn one_or_none_is_right() {
        TRIAL.finds(&RULE, "GatePolicy/a: {}", &[]);
        TRIAL.finds(&RULE, "ChangePolicy/a: {reviews: {at_least: 1}}", &[]);
    }
}
