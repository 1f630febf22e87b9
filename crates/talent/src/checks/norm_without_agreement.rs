//! A remote norm says what was agreed.

use diag::{Code, Diagnostic, RuleInfo, Severity};
use playbook::{Check, Resource, Rule};

use crate::kinds::RemoteNorm;

/// A remote norm says what was agreed.
pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        code: Code("TAL004"),
        name: "norm-without-agreement",
        severity: Severity::Note,
        summary: "A remote norm says what was agreed.",
        page: PAGE,
    },
    check: Check::Each(check),
};

const PAGE: &str = r#"A norm without an agreement is a heading.

Fails:

```yaml
apiVersion: council/v1
kind: RemoteNorm
metadata: {name: example}
spec: {about: How we talk.}
```

Mended:

```yaml
apiVersion: council/v1
kind: RemoteNorm
metadata: {name: example}
spec: {about: How we talk., agreements: [Whoever cannot wait calls.]}
```
"#;

fn check(resource: &Resource, findings: &mut Vec<Diagnostic>) {
    let Some(norm) = resource.typed::<RemoteNorm>() else { return };
    if norm.agreements.is_empty() {
        let message = format!("nothing is agreed yet about {}", resource.title());
        findings.push(
            Diagnostic::new(&RULE.info, resource.place.clone(), message)
                .why("everybody does what they did at the last place")
                .hint("write what was agreed as `agreements`")
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
            RemoteNorm/a: {about: x}
        ",
            &[("a", "nothing is agreed yet about a")],
        );
    }

    #[test]
    fn an_agreement_is_right() {
        TRIAL.finds(
            &RULE,
            "
            RemoteNorm/a: {about: x, agreements: [y]}
        ",
            &[],
        );
    }
}
