//! One escalation policy serves a service, and one is the default.

use std::collections::BTreeMap;

use diag::{Code, Diagnostic, RuleInfo, Severity};
use playbook::{Check, Facts, Model, Rule};

use crate::kinds::EscalationPolicy;

/// One escalation policy serves a service, and one is the default.
pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        code: Code("REL019"),
        name: "escalation-ambiguous",
        severity: Severity::Error,
        summary: "One escalation policy serves a service, and one is the default.",
        page: PAGE,
    },
    check: Check::Whole(check),
};

const PAGE: &str = r#"When two policies claim a service, or two are the default, the page goes to whichever name comes first. Nobody decided that.

Fails:

```yaml
apiVersion: council/v1
kind: Person
metadata: {name: ana}
spec: {joined: 2020-01-01}
---
apiVersion: council/v1
kind: EscalationPolicy
metadata: {name: one}
spec: {default: true, steps: [{notify: [person/ana], wait: 5m}]}
---
apiVersion: council/v1
kind: EscalationPolicy
metadata: {name: two}
spec: {default: true, steps: [{notify: [person/ana], wait: 5m}]}
```

Mended:

```yaml
apiVersion: council/v1
kind: Person
metadata: {name: ana}
spec: {joined: 2020-01-01}
---
apiVersion: council/v1
kind: EscalationPolicy
metadata: {name: one}
spec: {default: true, steps: [{notify: [person/ana], wait: 5m}]}
---
apiVersion: council/v1
kind: EscalationPolicy
metadata: {name: two}
spec: {for: [team/core], steps: [{notify: [person/ana], wait: 5m}]}
---
apiVersion: council/v1
kind: Team
metadata: {name: core}
spec: {members: [ana]}
```
"#;

fn check(model: &Model, _: &Facts, findings: &mut Vec<Diagnostic>) {
    let mut claimed = BTreeMap::new();
    for policy in model.all::<EscalationPolicy>() {
        let named = policy.serves.iter().map(|it| (it.to_string(), policy.resource.at(it.span())));
        let default =
            policy.default.then(|| ("the default".to_owned(), policy.resource.place.clone()));
        for (what, place) in named.chain(default) {
            let Some(first) = claimed.insert(what.clone(), policy) else { continue };
            let message = if policy.default && what == "the default" {
                format!("`{}` is the default already", first.resource.id)
            } else {
                format!("`{}` serves `{what}` already", first.resource.id)
            };
            findings.push(
                Diagnostic::new(&RULE.info, place, message)
                    .why("the page would go to whichever name comes first")
                    .hint("let only one of them claim it")
                    .related(first.resource.place.clone(), "claimed here")
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
    fn two_claims_are_found() {
        TRIAL.finds(
            &RULE,
            "
            Person/ana: {}
            Service/api: {}
            EscalationPolicy/a: {default: true, for: [service/api], steps: [{notify: [person/ana], wait: 5m}]}
            EscalationPolicy/b: {default: true, for: [service/api], steps: [{notify: [person/ana], wait: 5m}]}
        ",
            &[("b", "`escalation-policy/a` is the default already"), ("service/api", "`escalation-policy/a` serves `service/api` already")],
        );
    }

    #[test]
    fn one_claim_each_is_right() {
        TRIAL.finds(
            &RULE,
            "
            Person/ana: {}
            Service/api: {}
            EscalationPolicy/a: {default: true, steps: [{notify: [person/ana], wait: 5m}]}
            EscalationPolicy/b: {for: [service/api], steps: [{notify: [person/ana], wait: 5m}]}
        ",
            &[],
        );
    }
}
