//! A site is replaced by another one.

use diag::{Code, Diagnostic, RuleInfo, Severity};
use playbook::{Check, Resource, Rule};

use crate::kinds::FailoverPlan;

/// A site is replaced by another one.
pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        code: Code("FLT004"),
        name: "failover-to-itself",
        severity: Severity::Error,
        summary: "A site is replaced by another one.",
        page: PAGE,
    },
    check: Check::Each(check),
};

const PAGE: &str = r#"When a site is lost, it cannot take over from itself.

Fails:

```yaml
apiVersion: council/v1
kind: Site
metadata: {name: eu-1}
spec: {role: primary}
---
apiVersion: council/v1
kind: FailoverPlan
metadata: {name: lost}
spec: {from: eu-1, to: eu-1, rto: 4h, rpo: 15m}
```

Mended:

```yaml
apiVersion: council/v1
kind: Site
metadata: {name: eu-1}
spec: {role: primary}
---
apiVersion: council/v1
kind: Site
metadata: {name: eu-2}
spec: {role: disaster-recovery}
---
apiVersion: council/v1
kind: FailoverPlan
metadata: {name: lost}
spec: {from: eu-1, to: eu-2, rto: 4h, rpo: 15m}
```
"#;

fn check(resource: &Resource, findings: &mut Vec<Diagnostic>) {
    let Some(plan) = resource.typed::<FailoverPlan>() else { return };
    if plan.from == plan.to {
        let message = format!("{} cannot take over from itself", plan.to);
        findings.push(
            Diagnostic::new(&RULE.info, resource.at(plan.to.span()), message)
                .why("the site is gone when the plan is needed")
                .hint("name the site that takes over as `to`")
                .related(resource.at(plan.from.span()), "the site that is lost")
                .subject(resource.id.to_string()),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::vocabulary::TRIAL;

    #[test]
    fn the_same_site_twice_is_found() {
        TRIAL.finds(
            &RULE,
            "
            FailoverPlan/a: {from: eu-1, to: site/eu-1}
        ",
            &[("site/eu-1", "site/eu-1 cannot take over from itself")],
        );
    }

    #[test]
    fn two_sites_are_right() {
        TRIAL.finds(
            &RULE,
            "
            FailoverPlan/a: {from: eu-1, to: eu-2}
        ",
            &[],
        );
    }
}
