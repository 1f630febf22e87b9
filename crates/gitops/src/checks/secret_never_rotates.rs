//! Every secret has an age that it may reach.

use diag::{Code, Diagnostic, RuleInfo, Severity};
use playbook::{Check, Facts, Model, Rule};

use crate::kinds::Secret;
use crate::secrets::max_age;

/// Every secret has an age that it may reach.
pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        code: Code("SEC004"),
        name: "secret-never-rotates",
        severity: Severity::Note,
        summary: "Every secret has an age that it may reach.",
        page: PAGE,
    },
    check: Check::Whole(check),
};

const PAGE: &str = r#"A secret without a largest age is changed after a leak, if the leak is noticed.

Fails:

```yaml
apiVersion: council/v1
kind: Secret
metadata: {name: orders-db}
spec:
  purpose: The checkout signs in to its database.
  owner: team/checkout
  kept_in: {vault: {mount: kv, path: orders-db}}
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
---
apiVersion: council/v1
kind: Team
metadata: {name: checkout}
spec: {}
```
"#;

fn check(model: &Model, _: &Facts, findings: &mut Vec<Diagnostic>) {
    for secret in model.all::<Secret>() {
        if max_age(model, secret.spec).is_some() {
            continue;
        }
        let message = format!("nobody has said how old {} may get", secret.title());
        findings.push(
            Diagnostic::new(&RULE.info, secret.resource.place.clone(), message)
                .why("it is changed after a leak, if the leak is noticed")
                .hint("set `max_age`, or `rotate_every` of the secret policy")
                .subject(secret.resource.id.to_string()),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::vocabulary::TRIAL;

    #[test]
    fn a_secret_without_any_limit_is_found() {
        TRIAL.finds(
            &RULE,
            "
            Secret/a: {purpose: x, owner: team/t, kept_in: {kms: {key: k}}}
        ",
            &[("a", "nobody has said how old a may get")],
        );
    }

    #[test]
    fn its_own_limit_and_the_policys_are_right() {
        let own = "Secret/a: {purpose: x, owner: team/t, kept_in: {kms: {key: k}}, max_age: 9d}";
        let policy = "
            SecretPolicy/p: {rotate_every: 90d}
            Secret/a: {purpose: x, owner: team/t, kept_in: {kms: {key: k}}}
        ";
        for lines in [own, policy] {
            TRIAL.finds(&RULE, lines, &[]);
        }
    }
}
