//! Nobody signs in to machines with a password.

use diag::{Code, Diagnostic, RuleInfo, Severity};
use playbook::{Check, Resource, Rule};

use crate::kinds::{AccessPolicy, Authentication, Way};

/// Nobody signs in to machines with a password.
pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        code: Code("NET005"),
        name: "password-sign-in",
        severity: Severity::Warning,
        summary: "Nobody signs in to machines with a password.",
        page: PAGE,
    },
    check: Check::Each(check),
};

const PAGE: &str = r#"Passwords for SSH are guessed all day by everybody. One machine with a weak one is the door to all others.

Fails:

```yaml
apiVersion: council/v1
kind: AccessPolicy
metadata: {name: ssh}
spec: {way: ssh, principle: Over a bastion., authentication: [password, key]}
```

Mended:

```yaml
apiVersion: council/v1
kind: AccessPolicy
metadata: {name: ssh}
spec: {way: ssh, principle: Over a bastion., authentication: [key]}
```
"#;

fn check(resource: &Resource, findings: &mut Vec<Diagnostic>) {
    let Some(policy) = resource.typed::<AccessPolicy>() else { return };
    match policy.way {
        Way::Ssh | Way::Api => {}
        // A console is reached only by who stands on the management network already, and services
        // authenticate by other means anyway.
        Way::ServiceToService | Way::OutOfBand => return,
    }
    for way in policy.authentication.iter().filter(|way| way.value == Authentication::Password) {
        findings.push(
            Diagnostic::new(&RULE.info, resource.at(way.span), "passwords open this way in")
                .why("passwords are guessed, reused and shared")
                .hint("use `certificate`, `security-key` or `key` instead")
                .subject(resource.id.to_string()),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::vocabulary::TRIAL;

    #[test]
    fn a_password_for_ssh_is_found() {
        TRIAL.finds(
            &RULE,
            "
            AccessPolicy/a: {way: ssh, principle: x, authentication: [key, password]}
        ",
            &[("password", "passwords open this way in")],
        );
    }

    #[test]
    fn keys_and_consoles_are_right() {
        TRIAL.finds(
            &RULE,
            "
            AccessPolicy/a: {way: ssh, principle: x, authentication: [key]}
            AccessPolicy/b: {way: out-of-band, principle: x, authentication: [password]}
        ",
            &[],
        );
    }
}
