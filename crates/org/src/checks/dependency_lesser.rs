//! A service depends on none of a lesser tier.

use diag::{Code, Diagnostic, RuleInfo, Severity};
use playbook::{Check, Facts, Model, Rule};

use super::at;
use crate::kinds::{Service, ServiceTier};

/// A service depends on none of a lesser tier.
pub(super) static RULE: Rule = Rule {
    info: RuleInfo {
        code: Code("ORG028"),
        name: "dependency-lesser",
        severity: Severity::Warning,
        summary: "A service depends on none of a lesser tier.",
        page: PAGE,
    },
    check: Check::Whole(check),
};

const PAGE: &str = r#"A critical service that needs a standard one is as fragile as that: its outage is noticed within a day, and the critical
one has been down for hours by then.

Fails:

```yaml
apiVersion: council/v1
kind: Service
metadata: {name: api}
spec: {owner: team/core, tier: critical, depends_on: [mail]}
---
apiVersion: council/v1
kind: Service
metadata: {name: mail}
spec: {owner: team/core, tier: standard}
```

Mended:

```yaml
apiVersion: council/v1
kind: Service
metadata: {name: api}
spec: {owner: team/core, tier: critical, depends_on: [mail]}
---
apiVersion: council/v1
kind: Service
metadata: {name: mail}
spec: {owner: team/core, tier: critical}
```
"#;

fn check(model: &Model, _: &Facts, findings: &mut Vec<Diagnostic>) {
    for service in model.all::<Service>() {
        let Some(tier) = service.tier else { continue };
        for reference in &service.depends_on {
            let Some(needed) = model.follow(reference) else { continue };
            // Tiers are ordered from the one on which most depends.
            let Some(lesser) = needed.tier.filter(|lesser| *lesser > tier) else { continue };
            let message = format!(
                "the {} service `{}` depends on `{}`, which is only {}",
                word(tier),
                service.name(),
                needed.name(),
                word(lesser)
            );
            findings.push(
                at(&RULE, service, reference.span(), message)
                    .why("it is down whenever the other is, and nobody hurries there")
                    .hint(format!("raise the tier of `{}`, or do without it", needed.name()))
                    .related(needed.resource.place.clone(), "declared here"),
            );
        }
    }
}

fn word(tier: ServiceTier) -> &'static str {
    match tier {
        ServiceTier::Critical => "critical",
        ServiceTier::Important => "important",
        ServiceTier::Standard => "standard",
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::vocabulary::TRIAL;

    #[test]
    fn critical_on_standard_is_found() {
        TRIAL.finds(
            &RULE,
            "Service/a: {tier: critical, depends_on: [b]}\nService/b: {tier: standard}",
            &[("b", "the critical service `a` depends on `b`, which is only standard")],
        );
    }

    #[test]
    fn equal_greater_and_unsaid_tiers_are_right() {
        TRIAL.finds(
            &RULE,
            "Service/a: {tier: important, depends_on: [b, c, d]}
             Service/b: {tier: important}
             Service/c: {tier: critical}
             Service/d: {}",
            &[],
        );
    }
}
