//! A secret policy says how often secrets change and who may read them.

use diag::{Code, Diagnostic, RuleInfo, Severity};
use playbook::{Check, Resource, Rule};

use crate::kinds::SecretPolicy;

/// A secret policy says how often secrets change and who may read them.
pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        code: Code("GIT005"),
        name: "secret-policy-incomplete",
        severity: Severity::Note,
        summary: "A secret policy says how often secrets change and who may read them.",
        page: PAGE,
    },
    check: Check::Each(check),
};

const PAGE: &str = r#"A secret that never changes is known to everybody who ever worked here.

Fails:

```yaml
apiVersion: council/v1
kind: SecretPolicy
metadata: {name: example}
spec: {stores: [SOPS]}
```

Mended:

```yaml
apiVersion: council/v1
kind: SecretPolicy
metadata: {name: example}
spec: {stores: [SOPS], rotate_every: 90d, access: The owners.}
```
"#;

fn check(resource: &Resource, findings: &mut Vec<Diagnostic>) {
    let Some(policy) = resource.typed::<SecretPolicy>() else { return };
    if policy.rotate_every.is_none() || policy.access.is_none() {
        let message = format!(
            "{} does not say yet how secrets are rotated and who may read them",
            resource.title()
        );
        findings.push(
            Diagnostic::new(&RULE.info, resource.place.clone(), message)
                .why("a secret that never changes is known to everybody who ever worked here")
                .hint("decide on `rotate_every` and `access`")
                .subject(resource.id.to_string()),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::vocabulary::TRIAL;

    #[test]
    fn silence_is_found() {
        TRIAL.finds(
            &RULE,
            "
            SecretPolicy/a: {access: x}
        ",
            &[("a", "a does not say yet how secrets are rotated and who may read them")],
        );
    }

    #[test]
    fn both_words_are_right() {
        TRIAL.finds(
            &RULE,
            "
            SecretPolicy/a: {rotate_every: 90d, access: x}
        ",
            &[],
        );
    }
}
