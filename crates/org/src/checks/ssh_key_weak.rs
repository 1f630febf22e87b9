//! No weak SSH keys.

use diag::{Code, Diagnostic, RuleInfo, Severity};
use playbook::{Check, Resource, Rule};

use super::at;
use crate::kinds::Person;
use crate::ssh_key::{self, PublicKey};

/// An SSH key is neither DSA nor RSA with fewer than 3072 bits.
pub(super) static RULE: Rule = Rule {
    info: RuleInfo {
        code: Code("ORG017"),
        name: "ssh-key-weak",
        severity: Severity::Error,
        summary: "An SSH key is neither DSA nor RSA with fewer than 3072 bits.",
        page: PAGE,
    },
    check: Check::Each(check),
};

const PAGE: &str = r#"DSA keys have 1024 bits and are refused by OpenSSH since version 9.8. RSA below 3072 bits gives less than 128 bits of
security (NIST SP 800-57, part 1; BSI TR-02102-4). Ed25519 keys are shorter, faster and stronger.

Fails:

```yaml
apiVersion: council/v1
kind: Person
metadata: {name: ana}
spec: 
  ssh_keys:
    - ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQDBCzBVep/E6Q4zWH2ix+wRNluApcrvFDleg6jN8hc8YYar0PUaP2SJrtP4HUJnjLHW+yBFao+02f4jSG2St9wBJktwlbrfBClOc5i94gcsUXabwOUKL1R5nsPoDTJXfKHG6xA1Wn+kye4TOF2Cp8zxFjtgharP9Bk+Y4it0vccQQ==
```

Mended:

```yaml
apiVersion: council/v1
kind: Person
metadata: {name: ana}
spec: 
  ssh_keys:
    - ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f
```
"#;

/// Below it, RSA gives less than the 128 bits of security that everything else here has.
const RSA_BITS: usize = 3072;

fn check(resource: &Resource, findings: &mut Vec<Diagnostic>) {
    let Some(person) = resource.typed::<Person>() else { return };
    for key in &person.ssh_keys {
        // A malformed key is a finding of its own.
        let Ok(PublicKey { algorithm, bits, .. }) = ssh_key::parse(key) else { continue };
        let bits = bits.unwrap_or(0);
        let message = match algorithm.as_str() {
            "ssh-dss" => "the SSH key is a DSA key".to_owned(),
            "ssh-rsa" if bits < RSA_BITS => format!("the SSH key is RSA with only {bits} bits"),
            _ => continue,
        };
        findings.push(
            at(&RULE, person, key.span, message)
                .why(format!(
                    "DSA, and RSA with fewer than {RSA_BITS} bits, can be broken in its lifetime"
                ))
                .hint("make a new key with `ssh-keygen -t ed25519`"),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::vocabulary::TRIAL;

    use crate::ssh_key::line;

    fn rsa(bits: usize) -> String {
        line("ssh-rsa", &[&[1, 0, 1], &[&[0][..], &vec![0x80; bits / 8]].concat()])
    }

    #[test]
    fn weak_keys_are_found() {
        let (rsa, dsa) = (rsa(2048), line("ssh-dss", &[&[0x80; 128], &[1], &[1], &[1]]));
        TRIAL.finds(
            &RULE,
            &format!("Person/ana: {{ssh_keys: [{rsa}, {dsa}]}}"),
            &[(&rsa, "the SSH key is RSA with only 2048 bits"), (&dsa, "the SSH key is a DSA key")],
        );
    }

    #[test]
    fn strong_keys_are_right() {
        let (rsa, ed25519) = (rsa(3072), line("ssh-ed25519", &[&[7; 32]]));
        TRIAL.finds(&RULE, &format!("Person/ana: {{ssh_keys: [{rsa}, {ed25519}]}}"), &[]);
    }
}
