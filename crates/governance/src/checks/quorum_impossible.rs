//! A rule of agreement can be met.

use diag::{Code, Diagnostic, RuleInfo, Severity};
use playbook::{Check, Resource, Rule};

use super::at;
use crate::kinds::{Agree, DecisionType};

/// A rule of agreement can be met.
pub(super) static RULE: Rule = Rule {
    info: RuleInfo {
        code: Code("GOV005"),
        name: "quorum-impossible",
        severity: Severity::Error,
        summary: "A rule of agreement can be met.",
        page: PAGE,
    },
    check: Check::Each(check),
};

const PAGE: &str = r#"A rule that asks for more agreeing seats than the type has primaries can never be met; one that asks for none would
accept everything.

Fails:

```yaml
apiVersion: council/v1
kind: DecisionType
metadata: {name: b}
spec: {scope: Platforms., primaries: [net, sre], rule: {agree: {at-least: 3}}}
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
spec: {scope: Platforms., primaries: [net, sre], rule: {agree: {at-least: 2}}}
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
    let Agree::AtLeast(needed) = kind.rule.agree.value else { return };
    let voters = kind.primaries.len();
    let message = match needed {
        0 => "`at-least: 0` would accept everything".to_owned(),
        _ if needed as usize > voters && voters > 0 => {
            format!(
                "{needed} must agree, and there are {}",
                diag::words::count(voters, "primary seat")
            )
        }
        _ => return,
    };
    findings.push(
        at(&RULE, kind, kind.rule.agree.span, message)
            .why("nobody could meet this rule, or everybody would")
            .hint("ask for at least one, and for no more than there are primaries"),
    );
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::vocabulary::TRIAL;

    #[test]
    fn too_many_and_none_are_found() {
        TRIAL.finds(
            &RULE,
            "Seat/net: {owns: x}
             DecisionType/b: {scope: x, primaries: [net], rule: {agree: {at-least: 2}}}
             DecisionType/c: {scope: x, primaries: [net], rule: {agree: {at-least: 0}}}",
            &[
                ("{at-least: 2}", "2 must agree, and there are 1 primary seat"),
                ("{at-least: 0}", "`at-least: 0` would accept everything"),
            ],
        );
    }

    #[test]
    fn a_rule_that_can_be_met_is_right() {
        TRIAL.finds(
            &RULE,
            "Seat/net: {owns: x}
             Seat/sre: {owns: x}
             DecisionType/b: {scope: x, primaries: [net, sre], rule: {agree: {at-least: 2}}}",
            &[],
        );
    }
}
