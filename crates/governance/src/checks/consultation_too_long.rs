//! A consultation ends before silence counts as agreement.

use diag::{Code, Diagnostic, RuleInfo, Severity};
use playbook::{Check, Resource, Rule};

use super::at;
use crate::kinds::DecisionType;

/// A consultation ends before silence counts as agreement.
pub(super) static RULE: Rule = Rule {
    info: RuleInfo {
        code: Code("GOV007"),
        name: "consultation-too-long",
        severity: Severity::Warning,
        summary: "A consultation ends before silence counts as agreement.",
        page: PAGE,
    },
    check: Check::Each(check),
};

const PAGE: &str = r#"When lazy consensus comes before the consultation is over, silent seats agree to something that others may still object
to in their advice.

Fails:

```yaml
apiVersion: council/v1
kind: DecisionType
metadata: {name: b}
spec: {scope: Platforms., primaries: [net], rule: {lazy_consensus_after: 48h}, consult_within: 72h}
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

Mended:

```yaml
apiVersion: council/v1
kind: DecisionType
metadata: {name: b}
spec: {scope: Platforms., primaries: [net], rule: {lazy_consensus_after: 72h}, consult_within: 48h}
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
    let (Some(consult), Some(lazy)) =
        (&kind.spec.consult_within, &kind.spec.rule.lazy_consensus_after)
    else {
        return;
    };
    if consult.value > lazy.value {
        let message = format!(
            "the consultation takes {}, and silence counts as agreement after {}",
            consult.value, lazy.value
        );
        findings.push(
            at(&RULE, kind, consult.span, message)
                .why("silent seats would agree before the advice is in")
                .hint("make `consult_within` shorter, or `lazy_consensus_after` longer"),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::vocabulary::TRIAL;

    #[test]
    fn a_longer_one_is_found() {
        TRIAL.finds(
            &RULE,
            "Seat/net: {owns: x}
             DecisionType/b: {scope: x, primaries: [net], rule: {lazy_consensus_after: 2d}, consult_within: 72h}",
            &[
                ("72h", "the consultation takes 3d, and silence counts as agreement after 2d"),
            ],
        );
    }

    #[test]
    fn a_shorter_one_is_right() {
        TRIAL.finds(
            &RULE,
            "Seat/net: {owns: x}
             DecisionType/b: {scope: x, primaries: [net], rule: {lazy_consensus_after: 72h}, consult_within: 72h}",
            &[],
        );
    }
}
