//! An SSH key is a whole public key of a known type.

use diag::{Code, Diagnostic, RuleInfo, Severity};
use playbook::{Check, Resource, Rule};

use super::at;
use crate::kinds::Person;
use crate::ssh_key::{self, KeyError};

/// An SSH key is a whole public key of a known type.
pub(super) static RULE: Rule = Rule {
    info: RuleInfo {
        code: Code("ORG016"),
        name: "ssh-key-invalid",
        severity: Severity::Error,
        summary: "An SSH key is a whole public key of a known type.",
        page: PAGE,
    },
    check: Check::Each(check),
};

const PAGE: &str = r#"Keys are copied by hand, and a line that lost its end locks its owner out. The key is decoded: its inner type must be
the one that is written before it, and its length must be right. A *private* key in a playbook is compromised: it is
named as such.

Fails:

```yaml
apiVersion: council/v1
kind: Person
metadata: {name: ana}
spec: 
  ssh_keys: [ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAA]
```

Mended:

```yaml
apiVersion: council/v1
kind: Person
metadata: {name: ana}
spec: 
  ssh_keys: [ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f]
```
"#;

fn check(resource: &Resource, findings: &mut Vec<Diagnostic>) {
    let Some(person) = resource.typed::<Person>() else { return };
    for key in &person.ssh_keys {
        let Err(error) = ssh_key::parse(key) else { continue };
        let hint = match error {
            KeyError::Private => "revoke it, take it out of the history, and add the public key",
            KeyError::Options => "leave the options out; what a key may do is said elsewhere",
            KeyError::Malformed(_) | KeyError::Truncated | KeyError::TypeDiffers { .. } => {
                "copy the whole line of the `.pub` file"
            }
            KeyError::UnknownType(_) => "use a key of the type `ssh-ed25519`",
        };
        findings.push(
            at(&RULE, person, key.span, "the SSH key is not a public key".to_owned())
                .why(error.to_string())
                .hint(hint),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::vocabulary::TRIAL;

    #[test]
    fn keys_that_lost_something_are_found() {
        for key in [
            "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAA",
            "ssh-rsa AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f",
            "ssh-ed25519",
            "not a key",
        ] {
            TRIAL.finds(
                &RULE,
                &format!("Person/ana: {{ssh_keys: [{key}]}}"),
                &[(key, "the SSH key is not a public key")],
            );
        }
    }

    #[test]
    fn a_whole_key_is_right() {
        let key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f ana@example";
        TRIAL.finds(&RULE, &format!("Person/ana: {{ssh_keys: ['{key}']}}"), &[]);
    }
}
