//! An exception names a rule that the scanner has.

use diag::{Code, Diagnostic, RuleInfo, Severity};
use playbook::{Check, Resource, Rule};

use crate::kinds::SecretPolicy;
use crate::secrets::rule_names;

/// An exception names a rule that the scanner has.
pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        code: Code("SEC002"),
        name: "unknown-secret-rule",
        severity: Severity::Error,
        summary: "An exception names a rule that the scanner has.",
        page: PAGE,
    },
    check: Check::Each(check),
};

const PAGE: &str = r#"An exception for a rule that does not exist excuses nothing, and whoever wrote it believes otherwise. `council secrets scan --rules` lists the rules.

Fails:

```yaml
apiVersion: council/v1
kind: SecretPolicy
metadata: {name: secrets}
spec:
  exceptions:
    - {path: tests/**, rule: private-keys, reason: Made for the tests., owner: team/checkout, expires: 2027-06-30}
---
apiVersion: council/v1
kind: Team
metadata: {name: checkout}
spec: {}
```

Mended:

```yaml
apiVersion: council/v1
kind: SecretPolicy
metadata: {name: secrets}
spec:
  exceptions:
    - {path: tests/**, rule: private-key, reason: Made for the tests., owner: team/checkout, expires: 2027-06-30}
---
apiVersion: council/v1
kind: Team
metadata: {name: checkout}
spec: {}
```
"#;

fn check(resource: &Resource, findings: &mut Vec<Diagnostic>) {
    let Some(policy) = resource.typed::<SecretPolicy>() else { return };
    let rules = policy.spec.exceptions.iter().filter_map(|exception| exception.rule.as_ref());
    for rule in rules.filter(|rule| !rule_names().any(|name| name == rule.as_str())) {
        let known: Vec<String> = rule_names().map(|name| format!("`{name}`")).collect();
        let message = format!("the scanner has no rule `{}`", rule.value);
        findings.push(
            Diagnostic::new(&RULE.info, resource.at(rule.span), message)
                .why("the exception excuses nothing")
                .hint(format!("write one of {}", known.join(", ")))
                .subject(resource.id.to_string()),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::vocabulary::TRIAL;

    #[test]
    fn a_rule_that_is_not_there_is_found() {
        TRIAL.finds(&RULE, "
            SecretPolicy/a: {exceptions: [{path: t, rule: keys, reason: x, owner: team/t, expires: 2027-01-01}]}
        ", &[("keys", "the scanner has no rule `keys`")]);
    }

    #[test]
    fn a_rule_that_is_there_and_none_are_right() {
        TRIAL.finds(&RULE, "
            SecretPolicy/a: {exceptions: [{path: t, rule: age-key, reason: x, owner: team/t, expires: 2027-01-01}]}
            SecretPolicy/b: {exceptions: [{path: t, reason: x, owner: team/t, expires: 2027-01-01}]}
        ", &[]);
    }
}
