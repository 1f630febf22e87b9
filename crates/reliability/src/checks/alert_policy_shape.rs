//! An alert policy has one condition, and each entry is a name or an object.

use diag::{Code, Diagnostic, RuleInfo, Severity};
use playbook::{Check, Resource, Rule};

use crate::kinds::openslo::AlertPolicy;

/// An alert policy has one condition, and each entry is a name or an object.
pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        code: Code("REL007"),
        name: "alert-policy-shape",
        severity: Severity::Error,
        summary: "An alert policy has one condition, and each entry is a name or an object.",
        page: PAGE,
    },
    check: Check::Each(check),
};

const PAGE: &str = r#"OpenSLO v1 allows one condition. An entry that is neither a name nor a whole object alerts about nothing, or nobody.

Fails:

```yaml
apiVersion: openslo/v1
kind: AlertPolicy
metadata: {name: p}
spec: {conditions: [], notificationTargets: []}
```

Mended:

```yaml
apiVersion: openslo/v1
kind: AlertPolicy
metadata: {name: p}
spec: {conditions: [{conditionRef: fast}], notificationTargets: []}
---
apiVersion: openslo/v1
kind: AlertCondition
metadata: {name: fast}
spec: {severity: page, condition: {kind: burnrate, threshold: 2, lookbackWindow: 1h, alertAfter: 5m}}
```
"#;

fn check(resource: &Resource, findings: &mut Vec<Diagnostic>) {
    let Some(policy) = resource.typed::<AlertPolicy>() else { return };
    let named_or_whole = |is_named: bool, is_whole: bool| is_named != is_whole;
    let conditions = policy.conditions.iter();
    let conditions_fit = conditions.clone().count() == 1
        && conditions.clone().all(|entry| {
            named_or_whole(
                entry.condition_ref.is_some(),
                entry.metadata.is_some() && entry.spec.is_some(),
            )
        });
    let targets_fit = policy.notification_targets.iter().all(|entry| {
        named_or_whole(entry.target_ref.is_some(), entry.metadata.is_some() && entry.spec.is_some())
    });
    let mut problem = |message: &str, hint: &str| {
        findings.push(
            Diagnostic::new(&RULE.info, resource.at(policy.conditions.span), message)
                .why("OpenSLO v1 asks for it")
                .hint(hint)
                .subject(resource.id.to_string()),
        );
    };
    if !conditions_fit {
        problem(
            "the policy does not have exactly one condition, named or whole",
            "write one entry with `conditionRef`, or with `kind`, `metadata` and `spec`",
        );
    }
    if !targets_fit {
        problem(
            "a notification target is neither named nor whole",
            "write `targetRef`, or `kind`, `metadata` and `spec`",
        );
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::vocabulary::TRIAL;

    #[test]
    fn entries_that_say_nothing_are_found() {
        TRIAL.finds(&RULE, "
            AlertPolicy@openslo/v1/a: {conditions: [{operator: and}], notificationTargets: []}
            AlertPolicy@openslo/v1/b: {conditions: [{conditionRef: c}], notificationTargets: [{kind: AlertNotificationTarget}]}
        ", &[("[{operator: and}]", "the policy does not have exactly one condition, named or whole"), ("[{conditionRef: c}]", "a notification target is neither named nor whole")]);
    }

    #[test]
    fn names_and_objects_are_right() {
        TRIAL.finds(&RULE, "
            AlertPolicy@openslo/v1/a: {conditions: [{conditionRef: c}], notificationTargets: [{targetRef: t}]}
            AlertPolicy@openslo/v1/b: {conditions: [{kind: AlertCondition, metadata: {name: c}, spec: {severity: page, condition: {kind: burnrate, threshold: 2, lookbackWindow: 1h, alertAfter: 5m}}}], notificationTargets: []}
        ", &[]);
    }
}
