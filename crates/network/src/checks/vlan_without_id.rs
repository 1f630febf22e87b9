//! A VLAN has a number.

use diag::{Code, Diagnostic, RuleInfo, Severity};
use playbook::{Check, Resource, Rule};

use crate::kinds::Vlan;

/// A VLAN has a number.
pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        code: Code("NET006"),
        name: "vlan-without-id",
        severity: Severity::Note,
        summary: "A VLAN has a number.",
        page: PAGE,
    },
    check: Check::Each(check),
};

const PAGE: &str = r#"Without a number, no switch can carry it. Until one is assigned, the VLAN is a plan.

Fails:

```yaml
apiVersion: council/v1
kind: Vlan
metadata: {name: example}
spec: {purpose: Consoles.}
```

Mended:

```yaml
apiVersion: council/v1
kind: Vlan
metadata: {name: example}
spec: {id: 10, purpose: Consoles.}
```
"#;

fn check(resource: &Resource, findings: &mut Vec<Diagnostic>) {
    let Some(vlan) = resource.typed::<Vlan>() else { return };
    if vlan.id.is_none() {
        let message = format!("no VLAN ID is assigned to {} yet", resource.title());
        findings.push(
            Diagnostic::new(&RULE.info, resource.place.clone(), message)
                .why("a VLAN is known to switches by its number")
                .hint("assign one from 1 to 4094 and write it as `id`")
                .subject(resource.id.to_string()),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::vocabulary::TRIAL;

    #[test]
    fn a_plan_is_found() {
        TRIAL.finds(
            &RULE,
            "
            Vlan/a: {purpose: x}
        ",
            &[("a", "no VLAN ID is assigned to a yet")],
        );
    }

    #[test]
    fn a_number_is_right() {
        TRIAL.finds(
            &RULE,
            "
            Vlan/a: {id: 1, purpose: x}
        ",
            &[],
        );
    }
}
