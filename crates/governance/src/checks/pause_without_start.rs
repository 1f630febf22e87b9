//! A cadence that skips periods says from when it is counted.

use diag::{Code, Diagnostic, RuleInfo, Severity};
use playbook::{Check, Resource, Rule};

use super::at;
use crate::kinds::Ritual;

/// A cadence that skips periods says from when it is counted.
pub(super) static RULE: Rule = Rule {
    info: RuleInfo {
        code: Code("GOV020"),
        name: "pause-without-start",
        severity: Severity::Warning,
        summary: "A cadence that skips periods says from when it is counted.",
        page: PAGE,
    },
    check: Check::Each(check),
};

const PAGE: &str = r#""Every second week" means something only from a first day on. Without `starts` the weeks are counted from the beginning of
2024, which nobody has in mind.

Fails:

```yaml
apiVersion: council/v1
kind: Ritual
metadata: {name: sync}
spec: {goal: x, cadence: FREQ=WEEKLY;INTERVAL=2;BYDAY=TU}
```

Mended:

```yaml
apiVersion: council/v1
kind: Ritual
metadata: {name: sync}
spec: {goal: x, cadence: FREQ=WEEKLY;INTERVAL=2;BYDAY=TU, starts: 2026-01-06}
```
"#;

fn check(resource: &Resource, findings: &mut Vec<Diagnostic>) {
    let Some(ritual) = resource.typed::<Ritual>() else { return };
    let Some(rule) = ritual.spec.cadence.as_ref() else { return };
    let skips = rule.to_uppercase().split(';').any(|part| {
        part.trim().strip_prefix("INTERVAL=").is_some_and(|number| number.trim() != "1")
    });
    if skips && ritual.starts.is_none() {
        findings.push(
            at(
                &RULE,
                ritual,
                rule.span,
                format!("{} is counted from no first day", diag::words::quote(rule)),
            )
            .why("every second week means something only from a first one on")
            .hint("write `starts:` with the first day"),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::vocabulary::TRIAL;

    #[test]
    fn skipping_without_start_is_found() {
        TRIAL.finds(
            &RULE,
            "Ritual/a: {goal: x, cadence: FREQ=WEEKLY;INTERVAL=2}",
            &[("FREQ=WEEKLY;INTERVAL=2", "`FREQ=WEEKLY;INTERVAL=2` is counted from no first day")],
        );
    }

    #[test]
    fn a_start_or_no_pause_is_right() {
        TRIAL.finds(
            &RULE,
            "Ritual/a: {goal: x, cadence: FREQ=WEEKLY;INTERVAL=2, starts: 2026-01-06}
             Ritual/b: {goal: x, cadence: FREQ=WEEKLY;INTERVAL=1}",
            &[],
        );
    }
}
