//! The fingerprint of a certificate is one.

use diag::{Code, Diagnostic, RuleInfo, Severity};
use playbook::{Check, Resource, Rule};

use crate::kinds::Machine;

/// Hexadecimal digits of a SHA-256.
const DIGITS: usize = 64;

/// The fingerprint of a certificate is one.
pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        code: Code("FLT021"),
        name: "not-a-fingerprint",
        severity: Severity::Error,
        summary: "The fingerprint of a certificate is one.",
        page: PAGE,
    },
    check: Check::Each(check),
};

const PAGE: &str = r#"A controller is asked with credentials only when its certificate is the one that was pinned: a typing error locks everybody out on the night when it matters.

Fails:

```yaml
apiVersion: council/v1
kind: Machine
metadata: {name: eu-1-gpu-01}
spec: {site: eu-1, role: gpu, bmc: 10.10.250.21, bmc_certificate: "AB:CD:EF"}
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
spec:
  site: eu-1
  role: gpu
  bmc: 10.10.250.21
  bmc_certificate: 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
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
    let Some(pinned) = &machine.bmc_certificate else { return };
    let digits = pinned.value.chars().filter(|sign| *sign != ':');
    let (count, others) = digits.fold((0, 0), |(count, others), sign| {
        if sign.is_ascii_hexdigit() { (count + 1, others) } else { (count, others + 1) }
    });
    if count == DIGITS && others == 0 {
        return;
    }
    let message = "this is no SHA-256 fingerprint".to_owned();
    findings.push(
        Diagnostic::new(&RULE.info, resource.at(pinned.span), message)
            .why("the controller would be refused, whatever it shows")
            .hint("`council fleet bmc` says which fingerprint it saw; it has 64 hexadecimal digits")
            .subject(resource.id.to_string()),
    );
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::vocabulary::TRIAL;

    #[test]
    fn what_is_too_short_and_what_has_other_signs_is_found() {
        let z = "z".repeat(64);
        TRIAL.finds(
            &RULE,
            &format!(
                "
                Machine/a: {{site: s, role: r, bmc_certificate: 'AB:CD'}}
                Machine/b: {{site: s, role: r, bmc_certificate: {z}}}
            "
            ),
            &[
                ("'AB:CD'", "this is no SHA-256 fingerprint"),
                (&z, "this is no SHA-256 fingerprint"),
            ],
        );
    }

    #[test]
    fn digits_with_and_without_colons_are_right() {
        let (plain, colons) = ("aF".repeat(32), vec!["aF"; 32].join(":"));
        TRIAL.finds(
            &RULE,
            &format!(
                "
                Machine/a: {{site: s, role: r, bmc_certificate: {plain}}}
                Machine/b: {{site: s, role: r, bmc_certificate: '{colons}'}}
            "
            ),
            &[],
        );
    }
}
