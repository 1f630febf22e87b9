//! An e-mail address can receive mail.

use diag::{Code, Diagnostic, RuleInfo, Severity};
use playbook::{Check, Resource, Rule};

use super::at;
use crate::kinds::Person;

/// An e-mail address can receive mail.
pub(super) static RULE: Rule = Rule {
    info: RuleInfo {
        code: Code("ORG014"),
        name: "email-invalid",
        severity: Severity::Error,
        summary: "An e-mail address can receive mail.",
        page: PAGE,
    },
    check: Check::Each(check),
};

const PAGE: &str = r#"Invitations, handover notices and sign-in links go to the address. It is checked as mail servers do: one `@`, a
local part without spaces, and a domain name with a dot.

Fails:

```yaml
apiVersion: council/v1
kind: Person
metadata: {name: ana}
spec: {email: ana.example.org}
```

Mended:

```yaml
apiVersion: council/v1
kind: Person
metadata: {name: ana}
spec: {email: ana@example.org}
```
"#;

fn check(resource: &Resource, findings: &mut Vec<Diagnostic>) {
    let Some(person) = resource.typed::<Person>() else { return };
    let Some(email) = &person.email else { return };
    if let Err(why) = validate(email) {
        findings.push(
            at(&RULE, person, email.span, format!("`{}` is not an e-mail address", email.value))
                .why(why)
                .hint("write an address such as `ana@example.org`"),
        );
    }
}

/// Checks the parts of RFC 5321 that people get wrong; quoted local parts and address literals are
/// refused, because nobody's mailbox at work has one.
fn validate(email: &str) -> Result<(), &'static str> {
    let (local, domain) = email.rsplit_once('@').ok_or("there is no `@`")?;
    let is_atom = |c: char| c.is_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(c);
    if local.is_empty() || local.len() > 64 || !local.chars().all(is_atom) {
        return Err("the part before the `@` has characters that no mailbox has");
    }
    if local.starts_with('.') || local.ends_with('.') || local.contains("..") {
        return Err("the part before the `@` has a misplaced dot");
    }
    let is_label = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(|c| c.is_alphanumeric() || c == '-')
    };
    if !domain.contains('.') || domain.len() > 253 || !domain.split('.').all(is_label) {
        return Err("the part after the `@` is not a domain name");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::vocabulary::TRIAL;

    #[test]
    fn what_no_mail_reaches_is_found() {
        for email in [
            "ana",
            "ana@",
            "@example.org",
            "a na@example.org",
            "ana@example",
            "a..b@example.org",
            "ana@-x.org",
        ] {
            let message = format!("`{email}` is not an e-mail address");
            TRIAL.finds(
                &RULE,
                &format!("Person/ana: {{email: '{email}'}}"),
                &[(&format!("'{email}'"), &message)],
            );
        }
    }

    #[test]
    fn usual_and_unusual_addresses_are_right() {
        for email in ["ana@example.org", "ana+council@mail.example.co.uk", "jürgen@müller.example"]
        {
            TRIAL.finds(&RULE, &format!("Person/ana: {{email: '{email}'}}"), &[]);
        }
    }
}
