//! No two people share an SSH key.

use std::collections::BTreeMap;

use diag::{Code, Diagnostic, Place, RuleInfo, Severity};
use playbook::{Check, Facts, Model, Rule};

use super::at;
use crate::kinds::Person;
use crate::ssh_key;

/// No two people share an SSH key.
pub(super) static RULE: Rule = Rule {
    info: RuleInfo {
        code: Code("ORG018"),
        name: "ssh-key-shared",
        severity: Severity::Error,
        summary: "No two people share an SSH key.",
        page: PAGE,
    },
    check: Check::Whole(check),
};

const PAGE: &str = r#"A login is attributed by its key. With a shared one, nobody knows who did it, and taking one person's access away
takes the other's or leaves it.

Fails:

```yaml
apiVersion: council/v1
kind: Person
metadata: {name: ana}
spec: {ssh_keys: [ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f ana]}
---
apiVersion: council/v1
kind: Person
metadata: {name: ben}
spec: {ssh_keys: [ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f ben]}
```

Mended:

```yaml
apiVersion: council/v1
kind: Person
metadata: {name: ana}
spec: {ssh_keys: [ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f ana]}
```
"#;

fn check(model: &Model, _: &Facts, findings: &mut Vec<Diagnostic>) {
    let mut seen: BTreeMap<Vec<u8>, (&str, Place)> = BTreeMap::new();
    for person in model.all::<Person>() {
        for key in &person.spec.ssh_keys {
            let Ok(parsed) = ssh_key::parse(key) else { continue };
            let Some((owner, place)) = seen.get(&parsed.blob) else {
                seen.insert(parsed.blob, (person.name(), person.resource.at(key.span)));
                continue;
            };
            let message = format!("the SSH key is listed for `{owner}`, too");
            findings.push(
                at(&RULE, person, key.span, message)
                    .why("a login is attributed by its key")
                    .hint("list it once; give each person and each machine a key of its own")
                    .related(place.clone(), "also here"),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::vocabulary::TRIAL;

    use crate::ssh_key::line;

    #[test]
    fn the_same_key_with_another_comment_is_found() {
        let key = line("ssh-ed25519", &[&[7; 32]]);
        TRIAL.finds(
            &RULE,
            &format!(
                "Person/ana: {{ssh_keys: [{key} ana]}}\nPerson/ben: {{ssh_keys: [{key} ben]}}"
            ),
            &[(&format!("{key} ben"), "the SSH key is listed for `ana`, too")],
        );
    }

    #[test]
    fn different_keys_are_right() {
        let (ana, ben) = (line("ssh-ed25519", &[&[7; 32]]), line("ssh-ed25519", &[&[8; 32]]));
        TRIAL.finds(
            &RULE,
            &format!("Person/ana: {{ssh_keys: [{ana}]}}\nPerson/ben: {{ssh_keys: [{ben}]}}"),
            &[],
        );
    }
}
