//! A machine has an owner.

use diag::{Code, Diagnostic, RuleInfo, Severity};
use playbook::{Check, Resource, Rule};

use crate::kinds::Machine;

/// A machine has an owner.
pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        code: Code("FLT011"),
        name: "machine-without-owner",
        severity: Severity::Note,
        summary: "A machine has an owner.",
        page: PAGE,
    },
    check: Check::Each(check),
};

const PAGE: &str = r#"A machine that nobody answers for is neither mended nor given back: it draws power and waits.

Fails:

```yaml
apiVersion: council/v1
kind: Machine
metadata: {name: a}
spec: {site: eu-1, role: gpu}
---
apiVersion: council/v1
kind: Site
metadata: {name: eu-1}
spec: {role: primary}
---
apiVersion: council/v1
kind: Role
metadata: {name: gpu}
spec: {purpose: Train models.}
```

Mended:

```yaml
apiVersion: council/v1
kind: Machine
metadata: {name: a}
spec: {site: eu-1, role: gpu, owner: team/platform}
---
apiVersion: council/v1
kind: Site
metadata: {name: eu-1}
spec: {role: primary}
---
apiVersion: council/v1
kind: Role
metadata: {name: gpu}
spec: {purpose: Train models.}
---
apiVersion: council/v1
kind: Team
metadata: {name: platform}
spec: {}
```
"#;

fn check(resource: &Resource, findings: &mut Vec<Diagnostic>) {
    let Some(machine) = resource.typed::<Machine>() else { return };
    if machine.owner.is_none() && resource.meta.retired.is_none() {
        let message = format!("nobody answers for {} yet", resource.title());
        findings.push(
            Diagnostic::new(&RULE.info, resource.place.clone(), message)
                .why("whoever finds it broken has nobody to ask")
                .hint("name a seat, a team or a person as `owner`")
                .subject(resource.id.to_string()),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::vocabulary::TRIAL;

    #[test]
    fn a_machine_of_nobody_is_found() {
        TRIAL.finds(
            &RULE,
            "
            Machine/a: {site: s, role: r}
        ",
            &[("a", "nobody answers for a yet")],
        );
    }

    #[test]
    fn a_machine_with_an_owner_is_right() {
        TRIAL.finds(
            &RULE,
            "
            Machine/a: {site: s, role: r, owner: team/t}
        ",
            &[],
        );
    }
}
