//! No two machines have one address.

use std::collections::BTreeMap;
use std::net::IpAddr;

use diag::{Code, Diagnostic, RuleInfo, Severity};
use playbook::{Check, Facts, Model, Rule};

use crate::kinds::Machine;

/// No two machines have one address.
pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        code: Code("FLT007"),
        name: "address-taken",
        severity: Severity::Error,
        summary: "No two machines have one address.",
        page: PAGE,
    },
    check: Check::Whole(check),
};

const PAGE: &str = r#"A play that is meant for one machine would run on whichever answers first. Addresses are compared as addresses: `2001:db8::1` and `2001:db8:0::1` are one.

Fails:

```yaml
apiVersion: council/v1
kind: Machine
metadata: {name: eu-1-gpu-01}
spec: {site: eu-1, role: gpu, address: 10.10.1.21}
---
apiVersion: council/v1
kind: Machine
metadata: {name: eu-1-gpu-02}
spec: {site: eu-1, role: gpu, address: 10.10.1.21}
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
metadata: {name: eu-1-gpu-01}
spec: {site: eu-1, role: gpu, address: 10.10.1.21}
---
apiVersion: council/v1
kind: Machine
metadata: {name: eu-1-gpu-02}
spec: {site: eu-1, role: gpu, address: 10.10.1.22}
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

fn check(model: &Model, facts: &Facts, findings: &mut Vec<Diagnostic>) {
    let mut by_address = BTreeMap::new();
    for machine in model.all::<Machine>() {
        if machine.resource.meta.retired.is_some_and(|day| day <= facts.today) {
            continue;
        }
        let Some(address) = &machine.spec.address else { continue };
        let Ok(parsed) = address.parse::<IpAddr>() else { continue };
        let Some((first, span)) = by_address.insert(parsed, (machine, address.span)) else {
            continue;
        };
        let message = format!("the address {parsed} belongs to `{}` already", first.name());
        findings.push(
            Diagnostic::new(&RULE.info, machine.resource.at(address.span), message)
                .why("a play for one of them runs on whichever answers")
                .hint("give one of them another address, or retire it")
                .related(first.resource.at(span), "first used here")
                .subject(machine.resource.id.to_string()),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::vocabulary::TRIAL;

    #[test]
    fn one_address_in_two_spellings_is_found() {
        TRIAL.finds(
            &RULE,
            r#"
            Machine/a: {site: s, role: r, address: "2001:db8::1"}
            Machine/b: {site: s, role: r, address: "2001:db8:0::1"}
        "#,
            &[("\"2001:db8:0::1\"", "the address 2001:db8::1 belongs to `a` already")],
        );
    }

    #[test]
    fn two_addresses_and_none_are_right() {
        TRIAL.finds(
            &RULE,
            "
            Machine/a: {site: s, role: r, address: 10.0.0.1}
            Machine/b: {site: s, role: r, address: 10.0.0.2}
            Machine/c: {site: s, role: r}
            Machine/d: {site: s, role: r}
        ",
            &[],
        );
    }
}
