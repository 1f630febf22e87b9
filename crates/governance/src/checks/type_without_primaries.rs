//! A decision type names the seats that must agree.

use diag::{Code, Diagnostic, RuleInfo, Severity};
use playbook::{Check, Resource, Rule};

use super::{at, field_or_name};
use crate::kinds::DecisionType;

/// A decision type names the seats that must agree.
pub(super) static RULE: Rule = Rule {
    info: RuleInfo {
        code: Code("GOV004"),
        name: "type-without-primaries",
        severity: Severity::Error,
        summary: "A decision type names the seats that must agree.",
        page: PAGE,
    },
    check: Check::Each(check),
};

const PAGE: &str = r#"A decision of a type without primaries could be accepted by nobody.

Fails:

```yaml
apiVersion: council/v1
kind: DecisionType
metadata: {name: b}
spec: {scope: Platforms.}
```

Mended:

```yaml
apiVersion: council/v1
kind: DecisionType
metadata: {name: b}
spec: {scope: Platforms., primaries: [net, sre]}
---
apiVersion: council/v1
kind: Seat
metadata: {name: net}
spec: {owns: x}
---
apiVersion: council/v1
kind: Seat
metadata: {name: sre}
spec: {owns: x}
```
"#;

fn check(resource: &Resource, findings: &mut Vec<Diagnostic>) {
    let Some(kind) = resource.typed::<DecisionType>() else { return };
    if kind.primaries.is_empty() {
        let message = format!("no seat must agree to decisions of {}", kind.title());
        findings.push(
            at(&RULE, kind, field_or_name(kind, &kind.spec.primaries), message)
                .why("nobody could accept such a decision")
                .hint("name the seats under `primaries`"),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::vocabulary::TRIAL;

    #[test]
    fn none_is_found() {
        TRIAL.finds(
            &RULE,
            "DecisionType/b: {scope: x}
             DecisionType/c: {scope: x, primaries: []}",
            &[
                ("b", "no seat must agree to decisions of b"),
                ("[]", "no seat must agree to decisions of c"),
            ],
        );
    }

    #[test]
    fn one_is_right() {
        TRIAL.finds(
            &RULE,
            "Seat/net: {owns: x}
             DecisionType/b: {scope: x, primaries: [net]}",
            &[],
        );
    }
}
