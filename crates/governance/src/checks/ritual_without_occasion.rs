//! A ritual says when it happens.

use diag::{Code, Diagnostic, RuleInfo, Severity};
use playbook::{Check, Resource, Rule};

use super::on;
use crate::kinds::Ritual;

/// A ritual says when it happens.
pub(super) static RULE: Rule = Rule {
    info: RuleInfo {
        code: Code("GOV019"),
        name: "ritual-without-occasion",
        severity: Severity::Warning,
        summary: "A ritual says when it happens.",
        page: PAGE,
    },
    check: Check::Each(check),
};

const PAGE: &str = r#"Without a cadence and without a trigger nobody knows when to come.

Fails:

```yaml
apiVersion: council/v1
kind: Ritual
metadata: {name: sync}
spec: {goal: x}
```

Mended:

```yaml
apiVersion: council/v1
kind: Ritual
metadata: {name: sync}
spec: {goal: x, trigger: A major incident is over.}
```
"#;

fn check(resource: &Resource, findings: &mut Vec<Diagnostic>) {
    let Some(ritual) = resource.typed::<Ritual>() else { return };
    if ritual.cadence.is_none() && ritual.trigger.is_none() {
        findings.push(
            on(&RULE, ritual, format!("nobody knows when {} happens", ritual.title()))
                .why("it has neither a cadence nor a trigger")
                .hint("write `cadence: FREQ=WEEKLY;BYDAY=TU`, or `trigger:` with what makes it happen"),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::vocabulary::TRIAL;

    #[test]
    fn neither_is_found() {
        TRIAL.finds(&RULE, "Ritual/a: {goal: x}", &[("a", "nobody knows when a happens")]);
    }

    #[test]
    fn either_is_right() {
        TRIAL.finds(
            &RULE,
            "Ritual/a: {goal: x, cadence: FREQ=DAILY}
             Ritual/b: {goal: x, trigger: An incident.}",
            &[],
        );
    }
}
