//! A severity has examples and a response time.

use diag::{Code, Diagnostic, RuleInfo, Severity};
use playbook::{Check, Resource, Rule};

use crate::kinds;

/// A severity has examples and a response time.
pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        code: Code("REL005"),
        name: "severity-incomplete",
        severity: Severity::Note,
        summary: "A severity has examples and a response time.",
        page: PAGE,
    },
    check: Check::Each(check),
};

const PAGE: &str = r#"Two people who read it at three in the morning must choose the same severity. Only examples do that; and only a response time says what follows.

Fails:

```yaml
apiVersion: council/v1
kind: Severity
metadata: {name: example}
spec: {level: 1, meaning: Bad.}
```

Mended:

```yaml
apiVersion: council/v1
kind: Severity
metadata: {name: example}
spec: {level: 1, meaning: Bad., examples: [Nobody can pay.], respond_within: 15m}
```
"#;

fn check(resource: &Resource, findings: &mut Vec<Diagnostic>) {
    let Some(severity) = resource.typed::<kinds::Severity>() else { return };
    if severity.examples.is_empty() || severity.respond_within.is_none() {
        let message = format!("{} has no examples or no response time yet", resource.title());
        findings.push(
            Diagnostic::new(&RULE.info, resource.place.clone(), message)
                .why("two people must choose the same severity at three in the morning")
                .hint("write `examples` and `respond_within`")
                .subject(resource.id.to_string()),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::vocabulary::TRIAL;

    #[test]
    fn what_is_missing_is_found() {
        TRIAL.finds(
            &RULE,
            "
            Severity/a: {level: 1}
            Severity/b: {level: 2, examples: [x]}
        ",
            &[
                ("a", "a has no examples or no response time yet"),
                ("b", "b has no examples or no response time yet"),
            ],
        );
    }

    #[test]
    fn both_are_right() {
        TRIAL.finds(
            &RULE,
            "
            Severity/a: {level: 1, examples: [x], respond_within: 15m}
        ",
            &[],
        );
    }
}
