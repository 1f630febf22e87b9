//! An exception for something that looks like a secret still holds.

use diag::{Code, Diagnostic, RuleInfo, Severity};
use playbook::{Check, Facts, Model, Rule};

use crate::kinds::{SecretException, SecretPolicy};

/// An exception for something that looks like a secret still holds.
pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        code: Code("SEC001"),
        name: "secret-exception-expired",
        severity: Severity::Warning,
        summary: "An exception for something that looks like a secret still holds.",
        page: PAGE,
    },
    check: Check::Whole(check),
};

const PAGE: &str = r#"An exception has a last day so that somebody looks again. After it the scanner reports the finding as before; the exception stays in the file and says who must look.

Fails:

```yaml
apiVersion: council/v1
kind: SecretPolicy
metadata: {name: secrets}
spec:
  exceptions:
    - {path: tests/**, reason: Made for the tests., owner: team/checkout, expires: 2026-06-30}
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
    - {path: tests/**, reason: Made for the tests., owner: team/checkout, expires: 2027-06-30}
---
apiVersion: council/v1
kind: Team
metadata: {name: checkout}
spec: {}
```
"#;

fn check(model: &Model, facts: &Facts, findings: &mut Vec<Diagnostic>) {
    for policy in model.all::<SecretPolicy>() {
        for exception in &policy.spec.exceptions {
            let SecretException { path, owner, expires, .. } = exception;
            if facts.today <= expires.value {
                continue;
            }
            let message = format!("the exception for `{}` ended on {}", path.value, expires.value);
            findings.push(
                Diagnostic::new(&RULE.info, policy.resource.at(expires.span), message)
                    .why("the scanner reports again what it excused")
                    .hint(format!("let {owner} look again, then remove it or give it another day"))
                    .subject(policy.resource.id.to_string()),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::vocabulary::TRIAL;

    #[test]
    fn the_day_after_the_last_one_is_found() {
        TRIAL.finds(&RULE, "
            SecretPolicy/a: {exceptions: [{path: t/**, reason: x, owner: team/t, expires: 2026-11-22}]}
        ", &[("2026-11-22", "the exception for `t/**` ended on 2026-11-22")]);
    }

    #[test]
    fn the_last_day_itself_is_right() {
        TRIAL.finds(&RULE, "
            SecretPolicy/a: {exceptions: [{path: t/**, reason: x, owner: team/t, expires: 2026-11-23}]}
        ", &[]);
    }
}
