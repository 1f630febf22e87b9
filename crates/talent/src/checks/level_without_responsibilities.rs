//! A level says what is expected.

use diag::{Code, Diagnostic, RuleInfo, Severity};
use playbook::{Check, Resource, Rule};

use crate::kinds::Level;

/// A level says what is expected.
pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        code: Code("TAL003"),
        name: "level-without-responsibilities",
        severity: Severity::Note,
        summary: "A level says what is expected.",
        page: PAGE,
    },
    check: Check::Each(check),
};

const PAGE: &str = r#"People are promoted to what is written down. Where nothing is, they are promoted to what somebody remembers.

Fails:

```yaml
apiVersion: council/v1
kind: Level
metadata: {name: example}
spec: {ladder: SRE, rank: 1}
```

Mended:

```yaml
apiVersion: council/v1
kind: Level
metadata: {name: example}
spec: {ladder: SRE, rank: 1, responsibilities: [Works through a runbook alone.]}
```
"#;

fn check(resource: &Resource, findings: &mut Vec<Diagnostic>) {
    let Some(level) = resource.typed::<Level>() else { return };
    if level.responsibilities.is_empty() {
        let message =
            format!("nobody has written down yet what is expected of {}", resource.title());
        findings.push(
            Diagnostic::new(&RULE.info, resource.place.clone(), message)
                .why("nobody can grow towards it")
                .hint("write examples as `responsibilities`")
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
            Level/a: {ladder: SRE, rank: 1}
        ",
            &[("a", "nobody has written down yet what is expected of a")],
        );
    }

    #[test]
    fn examples_are_right() {
        TRIAL.finds(
            &RULE,
            "
            Level/a: {ladder: SRE, rank: 1, responsibilities: [x]}
        ",
            &[],
        );
    }
}
