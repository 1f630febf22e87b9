//! No secret is older than it may get.

use diag::{Code, Diagnostic, RuleInfo, Severity};
use playbook::{Check, Facts, Model, Rule};

use crate::kinds::Secret;
use crate::secrets::{RotationState, rotation};

/// No secret is older than it may get.
pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        code: Code("SEC003"),
        name: "rotation-due",
        severity: Severity::Warning,
        summary: "No secret is older than it may get.",
        page: PAGE,
    },
    check: Check::Whole(check),
};

const PAGE: &str = r#"The longer a secret lives, the more copies, logs and former colleagues know it. The finding begins some time before the last day, as `warn_before` of the policy says, so that nobody has to hurry. It goes by `last_rotated`; `council secrets status` asks the places themselves.

Fails:

```yaml
apiVersion: council/v1
kind: Secret
metadata: {name: orders-db}
spec:
  purpose: The checkout signs in to its database.
  owner: team/checkout
  kept_in: {vault: {mount: kv, path: orders-db}}
  max_age: 90d
  last_rotated: 2026-01-15
---
apiVersion: council/v1
kind: Team
metadata: {name: checkout}
spec: {}
```

Mended:

```yaml
apiVersion: council/v1
kind: Secret
metadata: {name: orders-db}
spec:
  purpose: The checkout signs in to its database.
  owner: team/checkout
  kept_in: {vault: {mount: kv, path: orders-db}}
  max_age: 90d
  last_rotated: 2026-11-20
---
apiVersion: council/v1
kind: Team
metadata: {name: checkout}
spec: {}
```
"#;

fn check(model: &Model, facts: &Facts, findings: &mut Vec<Diagnostic>) {
    for secret in model.all::<Secret>() {
        let Some(rotated) = &secret.spec.last_rotated else { continue };
        let age = rotation(model, &secret, None, facts.today);
        let (true, Some(due)) = (age.state.wants_action(), age.due) else { continue };
        let title = secret.title();
        let message = if age.state == RotationState::Overdue {
            format!("{title} is too old since {due}")
        } else {
            format!("{title} becomes too old on {due}")
        };
        let how = secret.spec.how_to_rotate.as_ref();
        let how = how.map(|how| format!(": {how}")).unwrap_or_default();
        findings.push(
            Diagnostic::new(&RULE.info, secret.resource.at(rotated.span), message)
                .why("changed last on this day")
                .hint(format!("let {} change it{how}", age.owner))
                .subject(secret.resource.id.to_string()),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::vocabulary::TRIAL;

    #[test]
    fn too_old_and_soon_too_old_are_found() {
        TRIAL.finds(&RULE, "
            Secret/a: {purpose: x, owner: team/t, kept_in: {kms: {key: k}}, max_age: 30d, last_rotated: 2026-10-01}
            Secret/b: {purpose: x, owner: team/t, kept_in: {kms: {key: k}}, max_age: 30d, last_rotated: 2026-11-01}
        ", &[("2026-10-01", "a is too old since 2026-10-31"), ("2026-11-01", "b becomes too old on 2026-12-01")]);
    }

    #[test]
    fn a_young_one_and_one_of_unknown_age_are_right() {
        TRIAL.finds(&RULE, "
            Secret/a: {purpose: x, owner: team/t, kept_in: {kms: {key: k}}, max_age: 30d, last_rotated: 2026-11-20}
            Secret/b: {purpose: x, owner: team/t, kept_in: {kms: {key: k}}, max_age: 30d}
        ", &[]);
    }
}
