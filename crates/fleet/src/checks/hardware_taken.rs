//! No two machines have one serial number, UUID, MAC address or management controller.

use std::collections::BTreeMap;

use diag::{Code, Diagnostic, RuleInfo, Severity};
use playbook::{Check, Facts, Model, Rule, Spanned, Typed};

use crate::kinds::Machine;

/// No two machines have one serial number, UUID, MAC address or management controller.
pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        code: Code("FLT010"),
        name: "hardware-taken",
        severity: Severity::Error,
        summary: "No two machines have one serial number, UUID, MAC address or management controller.",
        page: PAGE,
    },
    check: Check::Whole(check),
};

const PAGE: &str = r#"A power command for one machine would reach the other, and an installer that knows a machine by its MAC address installs the wrong one. MAC addresses are compared without regard to case and separators.

Fails:

```yaml
apiVersion: council/v1
kind: Machine
metadata: {name: a}
spec: {site: eu-1, role: gpu, serial: ML7-0042}
---
apiVersion: council/v1
kind: Machine
metadata: {name: b}
spec: {site: eu-1, role: gpu, serial: ML7-0042}
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
spec: {site: eu-1, role: gpu, serial: ML7-0042}
---
apiVersion: council/v1
kind: Machine
metadata: {name: b}
spec: {site: eu-1, role: gpu, serial: ML7-0043}
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
"#;

/// What machines are told apart by, and where each was said first.
type Seen<'m> = BTreeMap<(&'static str, String), (Typed<'m, Machine>, &'m Spanned<String>)>;

fn check(model: &Model, facts: &Facts, findings: &mut Vec<Diagnostic>) {
    let mut seen: Seen<'_> = BTreeMap::new();
    for machine in model.all::<Machine>() {
        if machine.resource.meta.retired.is_some_and(|day| day <= facts.today) {
            continue;
        }
        let spec = machine.spec;
        let serial = spec.serial.iter().map(|serial| ("serial number", serial));
        let uuid = spec.uuid.iter().map(|uuid| ("UUID", uuid));
        let bmc = spec.bmc.iter().map(|bmc| ("management controller", bmc));
        let macs = spec.macs.iter().map(|mac| ("MAC address", mac));
        for (what, value) in serial.chain(uuid).chain(bmc).chain(macs) {
            let Some((first, at)) = seen.insert((what, plain(what, value)), (machine, value))
            else {
                continue;
            };
            let text = &value.value;
            let message = format!("the {what} `{text}` belongs to `{}` already", first.name());
            findings.push(
                Diagnostic::new(&RULE.info, machine.resource.at(value.span), message)
                    .why("what is meant for one of them happens to the other")
                    .hint("look at the label of both machines, and correct one entry")
                    .related(first.resource.at(at.span), "first used here")
                    .subject(machine.resource.id.to_string()),
            );
        }
    }
}

fn plain(what: &str, value: &str) -> String {
    match what {
        "MAC address" => crate::mac::plain(value),
        _ => value.trim().to_lowercase(),
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::vocabulary::TRIAL;

    #[test]
    fn each_of_them_is_found_in_any_spelling() {
        TRIAL.finds(
            &RULE,
            r#"
            Machine/a: {site: s, role: r, serial: X1, uuid: 4C4C-1, bmc: 10.0.0.1, macs: ["52:54:00:AA:00:01"]}
            Machine/b: {site: s, role: r, serial: x1, uuid: 4c4c-1, bmc: 10.0.0.1, macs: ["52-54-00-aa-00-01"]}
        "#,
            &[
                ("x1", "the serial number `x1` belongs to `a` already"),
                ("4c4c-1", "the UUID `4c4c-1` belongs to `a` already"),
                ("10.0.0.1", "the management controller `10.0.0.1` belongs to `a` already"),
                (
                    "\"52-54-00-aa-00-01\"",
                    "the MAC address `52-54-00-aa-00-01` belongs to `a` already",
                ),
            ],
        );
    }

    #[test]
    fn different_ones_and_none_are_right() {
        TRIAL.finds(
            &RULE,
            r#"
            Machine/a: {site: s, role: r, serial: X1, bmc: 10.0.0.1, macs: ["52:54:00:aa:00:01"]}
            Machine/b: {site: s, role: r, serial: X2, bmc: 10.0.0.2, macs: ["52:54:00:aa:00:02"]}
            Machine/c: {site: s, role: r}
            Machine/d: {site: s, role: r}
        "#,
            &[],
        );
    }
}
