//! The address of a machine is an address.

use std::net::IpAddr;

use diag::{Code, Diagnostic, RuleInfo, Severity};
use playbook::{Check, Resource, Rule};

use crate::kinds::Machine;

/// The address of a machine is an address.
pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        code: Code("FLT006"),
        name: "not-an-address",
        severity: Severity::Error,
        summary: "The address of a machine is an address.",
        page: PAGE,
    },
    check: Check::Each(check),
};

const PAGE: &str = r#"The address is what Ansible and SSH connect to: one IPv4 or IPv6 address, without a prefix length and without a port.

Fails:

```yaml
apiVersion: council/v1
kind: Machine
metadata: {name: eu-1-gpu-01}
spec: {site: eu-1, role: gpu, address: 10.10.1.21/22}
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

fn check(resource: &Resource, findings: &mut Vec<Diagnostic>) {
    let Some(machine) = resource.typed::<Machine>() else { return };
    let Some(address) = &machine.address else { return };
    if address.parse::<IpAddr>().is_ok() {
        return;
    }
    let message = format!("`{}` is not an address", address.value);
    let without_length = address.split_once('/').map_or("", |(before, _)| before);
    let hint = if without_length.parse::<IpAddr>().is_ok() {
        format!("write the address alone: `{without_length}`")
    } else {
        "write an address such as `10.10.1.21` or `2001:db8::21`".to_owned()
    };
    findings.push(
        Diagnostic::new(&RULE.info, resource.at(address.span), message)
            .why("tools connect to it as it stands")
            .hint(hint)
            .subject(resource.id.to_string()),
    );
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::vocabulary::TRIAL;

    #[test]
    fn a_network_and_a_name_are_found() {
        TRIAL.finds(
            &RULE,
            "
            Machine/a: {site: s, role: r, address: 10.10.1.21/22}
            Machine/b: {site: s, role: r, address: gpu.example.org}
        ",
            &[
                ("10.10.1.21/22", "`10.10.1.21/22` is not an address"),
                ("gpu.example.org", "`gpu.example.org` is not an address"),
            ],
        );
    }

    #[test]
    fn both_families_are_right() {
        TRIAL.finds(
            &RULE,
            r#"
            Machine/a: {site: s, role: r, address: 10.10.1.21}
            Machine/b: {site: s, role: r, address: "2001:db8::21"}
            Machine/c: {site: s, role: r}
        "#,
            &[],
        );
    }
}
