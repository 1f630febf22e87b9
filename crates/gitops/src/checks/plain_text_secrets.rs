//! Secrets never stand in plain text.

use diag::{Code, Diagnostic, RuleInfo, Severity};
use playbook::{Check, Resource, Rule};

use crate::kinds::SecretPolicy;

/// Secrets never stand in plain text.
pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        code: Code("GIT003"),
        name: "plain-text-secrets",
        severity: Severity::Warning,
        summary: "Secrets never stand in plain text.",
        page: PAGE,
    },
    check: Check::Each(check),
};

const PAGE: &str = r#"What stands readable in a file is in every clone, every backup and every build log from then on.

Fails:

```yaml
apiVersion: council/v1
kind: SecretPolicy
metadata: {name: secrets}
spec: {plain_text: true, rotate_every: 90d, access: The owners.}
```

Mended:

```yaml
apiVersion: council/v1
kind: SecretPolicy
metadata: {name: secrets}
spec: {stores: [SOPS], rotate_every: 90d, access: The owners.}
```
"#;

fn check(resource: &Resource, findings: &mut Vec<Diagnostic>) {
    let Some(policy) = resource.typed::<SecretPolicy>() else { return };
    if policy.plain_text {
        let message = format!("{} allows secrets in plain text", resource.title());
        findings.push(
            Diagnostic::new(&RULE.info, resource.place.clone(), message)
                .why("they would be in every clone and every backup")
                .hint("remove `plain_text`, and name a store such as Vault or SOPS")
                .subject(resource.id.to_string()),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::vocabulary::TRIAL;

    #[test]
    fn plain_text_is_found() {
        TRIAL.finds(
            &RULE,
            "
            SecretPolicy/a: {plain_text: true}
        ",
            &[("a", "a allows secrets in plain text")],
        );
    }

    #[test]
    fn its_absence_is_right() {
        TRIAL.finds(
            &RULE,
            "
            SecretPolicy/a: {stores: [SOPS]}
        ",
            &[],
        );
    }
}
