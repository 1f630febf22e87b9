//! A ritual takes at least what it takes at most.

use diag::{Code, Diagnostic, RuleInfo, Severity};
use playbook::{Check, Resource, Rule};

use super::at;
use crate::kinds::Ritual;

/// A ritual takes at least what it takes at most.
pub(super) static RULE: Rule = Rule {
    info: RuleInfo {
        code: Code("GOV021"),
        name: "duration-reversed",
        severity: Severity::Error,
        summary: "A ritual takes at least what it takes at most.",
        page: PAGE,
    },
    check: Check::Each(check),
};

const PAGE: &str = r#"A duration from 45 to 30 minutes is a slip; calendars would end the meeting before it has begun to be late.

Fails:

```yaml
apiVersion: council/v1
kind: Ritual
metadata: {name: sync}
spec: {goal: x, trigger: An incident., duration: {from: 45m, to: 30m}}
```

Mended:

```yaml
apiVersion: council/v1
kind: Ritual
metadata: {name: sync}
spec: {goal: x, trigger: An incident., duration: {from: 30m, to: 45m}}
```
"#;

fn check(resource: &Resource, findings: &mut Vec<Diagnostic>) {
    let Some(ritual) = resource.typed::<Ritual>() else { return };
    let Some(duration) = ritual.spec.duration.as_ref() else { return };
    let message = if duration.to < duration.from {
        format!("{} is longer than {}", duration.from, duration.to)
    } else if duration.to.as_seconds() == 0 {
        "a meeting of no length is none".to_owned()
    } else {
        return;
    };
    findings.push(
        at(&RULE, ritual, duration.span, message)
            .why("`from` is the usual length, `to` the longest")
            .hint("write the shorter one first, such as `{from: 30m, to: 45m}`"),
    );
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::vocabulary::TRIAL;

    #[test]
    fn reversed_and_empty_are_found() {
        TRIAL.finds(
            &RULE,
            "Ritual/a: {goal: x, trigger: An incident., duration: {from: 1h, to: 30m}}
             Ritual/b: {goal: x, trigger: y, duration: {from: 0m, to: 0m}}",
            &[
                ("{from: 1h, to: 30m}", "1h is longer than 30m"),
                ("{from: 0m, to: 0m}", "a meeting of no length is none"),
            ],
        );
    }

    #[test]
    fn an_ordered_duration_is_right() {
        TRIAL.finds(
            &RULE,
            "Ritual/a: {goal: x, trigger: An incident., duration: {from: 30m, to: 30m}}",
            &[],
        );
    }
}
