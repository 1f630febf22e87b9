//! Each level belongs to one severity.

use std::collections::BTreeMap;

use diag::{Code, Diagnostic, RuleInfo, Severity};
use playbook::{Check, Facts, Model, Rule};

use crate::kinds;

/// Each level belongs to one severity.
pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        code: Code("REL006"),
        name: "severity-level-taken",
        severity: Severity::Error,
        summary: "Each level belongs to one severity.",
        page: PAGE,
    },
    check: Check::Whole(check),
};

const PAGE: &str = r#"When two severities share a level, nobody can say which of them is worse.

Fails:

```yaml
apiVersion: council/v1
kind: Severity
metadata: {name: sev-1}
spec: {level: 1, examples: [Nobody can pay.], respond_within: 15m}
---
apiVersion: council/v1
kind: Severity
metadata: {name: sev-2}
spec: {level: 1, examples: [Search is down.], respond_within: 1h}
```

Mended:

```yaml
apiVersion: council/v1
kind: Severity
metadata: {name: sev-1}
spec: {level: 1, examples: [Nobody can pay.], respond_within: 15m}
---
apiVersion: council/v1
kind: Severity
metadata: {name: sev-2}
spec: {level: 2, examples: [Search is down.], respond_within: 1h}
```
"#;

fn check(model: &Model, _: &Facts, findings: &mut Vec<Diagnostic>) {
    let mut seen = BTreeMap::new();
    for severity in model.all::<kinds::Severity>() {
        let level = &severity.spec.level;
        let Some(first) = seen.insert(level.value, severity) else { continue };
        let message = format!("level {} belongs to {} already", level.value, first.title());
        findings.push(
            Diagnostic::new(&RULE.info, severity.resource.at(level.span), message)
                .why("levels say which severity is worse")
                .hint("give one of them another level")
                .related(first.resource.at(first.spec.level.span), "first used here")
                .subject(severity.resource.id.to_string()),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::vocabulary::TRIAL;

    #[test]
    fn one_level_for_two_is_found() {
        TRIAL.finds(
            &RULE,
            "
            Severity/a: {level: 1}
            Severity/b: {level: 1}
        ",
            &[("1", "level 1 belongs to a already")],
        );
    }

    #[test]
    fn different_levels_are_right() {
        TRIAL.finds(
            &RULE,
            "
            Severity/a: {level: 1}
            Severity/b: {level: 2}
        ",
            &[],
        );
    }
}
