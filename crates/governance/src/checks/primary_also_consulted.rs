//! A primary seat is not consulted, too.

use diag::{Code, Diagnostic, RuleInfo, Severity};
use playbook::{Check, Resource, Rule};

use super::at;
use crate::kinds::DecisionType;

/// A primary seat is not consulted, too.
pub(super) static RULE: Rule = Rule {
    info: RuleInfo {
        code: Code("GOV006"),
        name: "primary-also-consulted",
        severity: Severity::Warning,
        summary: "A primary seat is not consulted, too.",
        page: PAGE,
    },
    check: Check::Each(check),
};

const PAGE: &str = r#"A seat that votes is asked by its vote. Naming it among those consulted as well makes its holder answer twice.

Fails:

```yaml
apiVersion: council/v1
kind: DecisionType
metadata: {name: b}
spec: {scope: Platforms., primaries: [net], consulted: [net, sre]}
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
spec: {scope: Platforms., primaries: [net], consulted: [sre]}
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
    for seat in kind.consulted.iter().filter(|seat| kind.primaries.contains(seat)) {
        findings.push(
            at(&RULE, kind, seat.span(), format!("`{seat}` votes, and need not be consulted"))
                .why("it would have to answer twice")
                .hint("take it out of `consulted`"),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::vocabulary::TRIAL;

    #[test]
    fn a_voter_among_those_consulted_is_found() {
        TRIAL.finds(
            &RULE,
            "Seat/net: {owns: x}
             Seat/sre: {owns: x}
             DecisionType/b: {scope: x, primaries: [net], consulted: [sre, net]}",
            &[("net", "`seat/net` votes, and need not be consulted")],
        );
    }

    #[test]
    fn others_are_right() {
        TRIAL.finds(
            &RULE,
            "Seat/net: {owns: x}
             Seat/sre: {owns: x}
             DecisionType/b: {scope: x, primaries: [net], consulted: [sre]}",
            &[],
        );
    }
}
