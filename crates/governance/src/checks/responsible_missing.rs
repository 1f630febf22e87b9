//! An area has somebody who is responsible.

use diag::{Code, Diagnostic, RuleInfo, Severity};
use playbook::{Check, Resource, Rule};

use super::on;
use crate::kinds::RaciArea;

/// An area has somebody who is responsible.
pub(super) static RULE: Rule = Rule {
    info: RuleInfo {
        code: Code("GOV002"),
        name: "responsible-missing",
        severity: Severity::Warning,
        summary: "An area has somebody who is responsible.",
        page: PAGE,
    },
    check: Check::Each(check),
};

const PAGE: &str = r#"Accountable without responsible means that one person answers for work that nobody does.

Fails:

```yaml
apiVersion: council/v1
kind: RaciArea
metadata: {name: network}
spec: {accountable: [seat/net]}
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
spec: {responsible: [seat/sre], accountable: [seat/net]}
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
    if area.responsible.is_empty() {
        let message = format!("nobody is responsible for {}", area.title());
        findings.push(
            on(&RULE, area, message)
                .why("whoever is accountable cannot do all of the work")
                .hint("name who does the work under `responsible`"),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::vocabulary::TRIAL;

    #[test]
    fn nobody_is_found() {
        TRIAL.finds(
            &RULE,
            "Seat/net: {owns: x}
             RaciArea/a: {accountable: [seat/net]}",
            &[("a", "nobody is responsible for a")],
        );
    }

    #[test]
    fn somebody_is_right() {
        TRIAL.finds(
            &RULE,
            "Seat/net: {owns: x}
             RaciArea/a: {responsible: [seat/net], accountable: [seat/net]}",
            &[],
        );
    }
}
