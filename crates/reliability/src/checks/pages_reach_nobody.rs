//! Where somebody is to be woken, an escalation policy says whom.

use diag::{Code, Diagnostic, RuleInfo, Severity};
use playbook::{Check, Facts, Model, Rule};

use crate::kinds::{AlertCategory, EscalationPolicy, Reaction};

/// Where somebody is to be woken, an escalation policy says whom.
pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        code: Code("REL020"),
        name: "pages-reach-nobody",
        severity: Severity::Note,
        summary: "Where somebody is to be woken, an escalation policy says whom.",
        page: PAGE,
    },
    check: Check::Whole(check),
};

const PAGE: &str = r#"A category of alerts that wakes somebody is a promise. Until an escalation policy says whom it wakes, at night it wakes nobody.

Fails:

```yaml
apiVersion: council/v1
kind: AlertCategory
metadata: {name: page}
spec: {reaction: wake-somebody, meaning: Users are hurt now.}
```

Mended:

```yaml
apiVersion: council/v1
kind: Person
metadata: {name: ana}
spec: {joined: 2020-01-01}
---
apiVersion: council/v1
kind: AlertCategory
metadata: {name: page}
spec: {reaction: wake-somebody, meaning: Users are hurt now.}
---
apiVersion: council/v1
kind: EscalationPolicy
metadata: {name: all}
spec: {default: true, steps: [{notify: [person/ana], wait: 5m}]}
```
"#;

fn check(model: &Model, _: &Facts, findings: &mut Vec<Diagnostic>) {
    if model.all::<EscalationPolicy>().next().is_some() {
        return;
    }
    for category in model.all::<AlertCategory>() {
        if category.reaction == Reaction::WakeSomebody {
            let message = format!("{} wakes somebody, and nothing says whom", category.title());
            findings.push(
                Diagnostic::new(&RULE.info, category.resource.place.clone(), message)
                    .why("at night it would wake nobody")
                    .hint("declare a schedule and an escalation policy: `council explain EscalationPolicy`")
                    .subject(category.resource.id.to_string()),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::vocabulary::TRIAL;

    #[test]
    fn a_promise_without_anybody_is_found() {
        TRIAL.finds(
            &RULE,
            "
            AlertCategory/page: {reaction: wake-somebody, meaning: x}
            AlertCategory/ticket: {reaction: working-hours, meaning: x}
        ",
            &[("page", "page wakes somebody, and nothing says whom")],
        );
    }

    #[test]
    fn a_policy_is_right() {
        TRIAL.finds(
            &RULE,
            "
            Person/ana: {}
            AlertCategory/page: {reaction: wake-somebody, meaning: x}
            EscalationPolicy/a: {default: true, steps: [{notify: [person/ana], wait: 5m}]}
        ",
            &[],
        );
    }
}
