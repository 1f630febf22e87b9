//! An area has exactly one who is accountable.

use diag::{Code, Diagnostic, RuleInfo, Severity};
use playbook::{Check, Resource, Rule};

use super::{at, field_or_name};
use crate::kinds::RaciArea;

/// An area has exactly one who is accountable.
pub(super) static RULE: Rule = Rule {
    info: RuleInfo {
        code: Code("GOV001"),
        name: "accountable-not-one",
        severity: Severity::Error,
        summary: "An area has exactly one who is accountable.",
        page: PAGE,
    },
    check: Check::Each(check),
};

const PAGE: &str = r#"Responsible may be many; accountable is the one who answers when it goes wrong. With nobody accountable nobody does, and
with two each waits for the other.

Fails:

```yaml
apiVersion: council/v1
kind: RaciArea
metadata: {name: network}
spec: {responsible: [seat/net], accountable: [seat/net, seat/sre]}
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
kind: RaciArea
metadata: {name: network}
spec: {responsible: [seat/net], accountable: [seat/sre]}
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
    let Some(area) = resource.typed::<RaciArea>() else { return };
    let message = match area.accountable.len() {
        0 => format!("nobody is accountable for {}", area.title()),
        1 => return,
        many => format!("{many} are accountable for {}, and only one can be", area.title()),
    };
    findings.push(
        at(&RULE, area, field_or_name(area, &area.spec.accountable), message)
            .why("one answers for an area, or nobody does")
            .hint("name exactly one under `accountable`, and the others under `responsible` or `consulted`"),
    );
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::vocabulary::TRIAL;

    #[test]
    fn nobody_and_two_are_found() {
        TRIAL.finds(
            &RULE,
            "Seat/net: {owns: x}
             Seat/sre: {owns: x}
             RaciArea/a: {responsible: [seat/net]}
             RaciArea/b: {accountable: [seat/net, seat/sre]}",
            &[
                ("a", "nobody is accountable for a"),
                ("[seat/net, seat/sre]", "2 are accountable for b, and only one can be"),
            ],
        );
    }

    #[test]
    fn one_is_right() {
        TRIAL.finds(
            &RULE,
            "Seat/net: {owns: x}
             RaciArea/a: {accountable: [seat/net]}",
            &[],
        );
    }
}
