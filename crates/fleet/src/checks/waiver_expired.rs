//! A waiver has not expired.

use diag::{Code, Diagnostic, RuleInfo, Severity};
use playbook::{Check, Facts, Model, Rule};

use crate::kinds::Waiver;

/// A waiver has not expired.
pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        code: Code("FLT015"),
        name: "waiver-expired",
        severity: Severity::Warning,
        summary: "A waiver has not expired.",
        page: PAGE,
    },
    check: Check::Whole(check),
};

const PAGE: &str = r#"An exception that outlives its end is a gap that everybody believes to be closed.

Fails:

```yaml
apiVersion: council/v1
kind: Waiver
metadata: {name: w}
spec: {baseline: server, control: packages, covers: [role/gpu], reason: Drivers., owner: principal-sre, until: 2024-01-31}
---
apiVersion: council/v1
kind: Baseline
metadata: {name: server}
spec: {controls: [{id: packages, area: packages, requires: Few.}]}
---
apiVersion: council/v1
kind: Role
metadata: {name: gpu}
spec: {purpose: Train models.}
```

Mended:

```yaml
apiVersion: council/v1
kind: Waiver
metadata: {name: w}
spec: {baseline: server, control: packages, covers: [role/gpu], reason: Drivers., owner: principal-sre, until: 2999-01-31}
---
apiVersion: council/v1
kind: Baseline
metadata: {name: server}
spec: {controls: [{id: packages, area: packages, requires: Few.}]}
---
apiVersion: council/v1
kind: Role
metadata: {name: gpu}
spec: {purpose: Train models.}
```
"#;

fn check(model: &Model, facts: &Facts, findings: &mut Vec<Diagnostic>) {
    for waiver in model.all::<Waiver>() {
        let is_closed = waiver.resource.meta.retired.is_some_and(|day| day <= facts.today);
        let until = &waiver.spec.until;
        if until.value < facts.today && !is_closed {
            let message = format!("the waiver of `{}` has expired", waiver.spec.control.value);
            findings.push(
                Diagnostic::new(&RULE.info, waiver.resource.at(until.span), message)
                    .why("the risk was accepted until then, and is still there")
                    .hint("meet the control and remove the waiver, or have it decided again")
                    .subject(waiver.resource.id.to_string()),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::vocabulary::TRIAL;

    #[test]
    fn an_expired_waiver_is_found() {
        TRIAL.finds(
            &RULE,
            "
            Waiver/a: {baseline: b, control: ssh, covers: [role/r], reason: x, owner: s, until: 2001-01-01}
        ",
            &[("2001-01-01", "the waiver of `ssh` has expired")],
        );
    }

    #[test]
    fn one_that_holds_is_right() {
        TRIAL.finds(
            &RULE,
            "
            Waiver/a: {baseline: b, control: ssh, covers: [role/r], reason: x, owner: s, until: 2999-01-01}
        ",
            &[],
        );
    }
}
