//! A change rule says what it is about.

use diag::{Code, Diagnostic, RuleInfo, Severity};
use governance::kinds::Agree;
use playbook::{Check, Resource, Rule};

use crate::kinds::ChangeRule;

/// A change rule says what it is about, and asks for somebody.
pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        code: Code("GIT008"),
        name: "rule-touches-nothing",
        severity: Severity::Error,
        summary: "A change rule says what it is about, and asks for somebody.",
        page: PAGE,
    },
    check: Check::Each(check),
};

const PAGE: &str = r#"A rule that names nothing fits no change, and one that asks for nobody makes a decision type that nobody agrees to.

Fails:

```yaml
apiVersion: council/v1
kind: ChangeRule
metadata: {name: everyday}
spec: {touches: {}, decision_type: b}
```

Mended:

```yaml
apiVersion: council/v1
kind: ChangeRule
metadata: {name: everyday}
spec: {touches: {kinds: [vlan]}, decision_type: b}
```
"#;

fn check(resource: &Resource, findings: &mut Vec<Diagnostic>) {
    let Some(rule) = resource.typed::<ChangeRule>() else { return };
    let touches = &rule.spec.touches;
    let message = if touches.value.is_empty() {
        "the rule names nothing that a change could touch"
    } else if rule.agree == Some(Agree::AtLeast(0)) {
        "the rule asks for nobody's approval"
    } else {
        return;
    };
    findings.push(
        Diagnostic::new(&RULE.info, resource.at(touches.span), message.to_owned())
            .why("no change would wait for anybody because of it")
            .hint(
                "name files, kinds, actions, environments, targets or costs, and one seat at least",
            )
            .subject(resource.id.to_string()),
    );
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::vocabulary::TRIAL;

    #[test]
    fn rules_about_nothing_and_for_nobody_are_found() {
        TRIAL.finds(
            &RULE,
            "ChangeRule/a: {touches: {}, decision_type: b}
             ChangeRule/b: {touches: {kinds: [vlan]}, decision_type: b, agree: {at-least: 0}}",
            &[
                ("{}", "the rule names nothing that a change could touch"),
                ("{kinds: [vlan]}", "the rule asks for nobody's approval"),
            ],
        );
    }

    #[test]
    fn a_rule_about_something_is_right() {
        TRIAL.finds(
            &RULE,
            "ChangeRule/a: {touches: {monthly_cost_above: 0}, decision_type: b}",
            &[],
        );
    }
}
