//! No two people share an e-mail address or a handle.

use std::collections::BTreeMap;

use diag::{Code, Diagnostic, Place, RuleInfo, Severity};
use playbook::{Check, Facts, Model, Rule};

use super::at;
use crate::kinds::Person;

/// No two people share an e-mail address or a handle.
pub(super) static RULE: Rule = Rule {
    info: RuleInfo {
        code: Code("ORG015"),
        name: "contact-shared",
        severity: Severity::Error,
        summary: "No two people share an e-mail address or a handle.",
        page: PAGE,
    },
    check: Check::Whole(check),
};

const PAGE: &str = r#"Sign-in, votes and review approvals are attributed by address and handle. Two people with the same one could vote
for each other. Addresses and handles are compared without regard to case, as the systems behind them do.

Fails:

```yaml
apiVersion: council/v1
kind: Person
metadata: {name: ana}
spec: {email: ops@example.org}
---
apiVersion: council/v1
kind: Person
metadata: {name: ben}
spec: {email: ops@example.org}
```

Mended:

```yaml
apiVersion: council/v1
kind: Person
metadata: {name: ana}
spec: {email: ana@example.org}
---
apiVersion: council/v1
kind: Person
metadata: {name: ben}
spec: {email: ben@example.org}
```
"#;

fn check(model: &Model, _: &Facts, findings: &mut Vec<Diagnostic>) {
    let mut seen: BTreeMap<(&str, String), (&str, Place)> = BTreeMap::new();
    for person in model.all::<Person>() {
        let email = person.spec.email.as_ref().map(|email| ("e-mail", email));
        let handles = person.spec.handles.iter();
        let handles = handles.map(|(system, handle)| (system.as_str(), handle));
        for (system, contact) in email.into_iter().chain(handles) {
            let key = (system, contact.trim_start_matches('@').to_lowercase());
            let Some((owner, place)) = seen.get(&key) else {
                seen.insert(key, (person.name(), person.resource.at(contact.span)));
                continue;
            };
            let what = if system == "e-mail" { "address" } else { "handle" };
            let message = format!("the {what} `{}` is `{owner}`'s, too", contact.value);
            findings.push(
                at(&RULE, person, contact.span, message)
                    .why("votes and approvals are attributed by it")
                    .hint("give each person their own")
                    .related(place.clone(), "also here"),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::vocabulary::TRIAL;

    #[test]
    fn shared_addresses_and_handles_are_found() {
        TRIAL.finds(
            &RULE,
            "Person/ana: {email: ops@example.org, handles: {github: '@ana'}}
             Person/ben: {email: Ops@example.org, handles: {github: Ana}}",
            &[
                ("Ops@example.org", "the address `Ops@example.org` is `ana`'s, too"),
                ("Ana", "the handle `Ana` is `ana`'s, too"),
            ],
        );
    }

    #[test]
    fn the_same_handle_on_two_systems_is_right() {
        TRIAL.finds(
            &RULE,
            "Person/ana: {handles: {github: x}}\nPerson/ben: {handles: {gitlab: x}}",
            &[],
        );
    }
}
