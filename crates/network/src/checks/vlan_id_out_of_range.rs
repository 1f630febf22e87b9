//! A VLAN ID is a number from 1 to 4094.

use diag::{Code, Diagnostic, RuleInfo, Severity};
use playbook::{Check, Resource, Rule};

use crate::kinds::Vlan;

/// A VLAN ID is a number from 1 to 4094.
pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        code: Code("NET001"),
        name: "vlan-id-out-of-range",
        severity: Severity::Error,
        summary: "A VLAN ID is a number from 1 to 4094.",
        page: PAGE,
    },
    check: Check::Each(check),
};

const PAGE: &str = r#"A frame has twelve bits for the VLAN, and 0 and 4095 are reserved (IEEE 802.1Q). A switch refuses any other number, or worse, cuts it.

Fails:

```yaml
apiVersion: council/v1
kind: Vlan
metadata: {name: mgmt}
spec: {id: 4095, purpose: Consoles.}
```

Mended:

```yaml
apiVersion: council/v1
kind: Vlan
metadata: {name: mgmt}
spec: {id: 4094, purpose: Consoles.}
```
"#;

/// What twelve bits can say, without the two values that IEEE 802.1Q reserves.
const IDS: std::ops::RangeInclusive<u32> = 1..=4094;

fn check(resource: &Resource, findings: &mut Vec<Diagnostic>) {
    let Some(vlan) = resource.typed::<Vlan>() else { return };
    let Some(id) = &vlan.id else { return };
    if !IDS.contains(&id.value) {
        let message = format!("`{}` is no VLAN ID", id.value);
        findings.push(
            Diagnostic::new(&RULE.info, resource.at(id.span), message)
                .why("IEEE 802.1Q has room for 1 to 4094")
                .hint("choose a number from 1 to 4094, or leave `id` out until one is assigned")
                .subject(resource.id.to_string()),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::vocabulary::TRIAL;

    #[test]
    fn numbers_outside_of_the_tag_are_found() {
        TRIAL.finds(
            &RULE,
            "
            Vlan/a: {id: 0, purpose: x}
            Vlan/b: {id: 4095, purpose: x}
        ",
            &[("0", "`0` is no VLAN ID"), ("4095", "`4095` is no VLAN ID")],
        );
    }

    #[test]
    fn both_ends_of_the_range_are_right() {
        TRIAL.finds(
            &RULE,
            "
            Vlan/a: {id: 1, purpose: x}
            Vlan/b: {id: 4094, purpose: x}
        ",
            &[],
        );
    }
}
