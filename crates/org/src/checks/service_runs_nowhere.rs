//! A production service runs in a production environment.

use diag::{Code, Diagnostic, RuleInfo, Severity};
use playbook::{Check, Facts, Model, Rule};

use super::at;
use crate::kinds::{Environment, EnvironmentTier, Lifecycle, Service};

/// A production service runs in a production environment.
pub(super) static RULE: Rule = Rule {
    info: RuleInfo {
        code: Code("ORG022"),
        name: "service-runs-nowhere",
        severity: Severity::Error,
        summary: "A production service runs in a production environment.",
        page: PAGE,
    },
    check: Check::Whole(check),
};

const PAGE: &str = r#"A service that says `lifecycle: production` names an environment of the tier `production`: from it follow its
sites, its change rules and its error budget. Entities of a catalog are exempt, because a catalog cannot say it.

Fails:

```yaml
apiVersion: council/v1
kind: Service
metadata: {name: checkout}
spec: {owner: team/payments, lifecycle: production}
```

Mended:

```yaml
apiVersion: council/v1
kind: Environment
metadata: {name: production}
spec: {tier: production}
---
apiVersion: council/v1
kind: Service
metadata: {name: checkout}
spec: {owner: team/payments, lifecycle: production, environments: [production]}
```
"#;

fn check(model: &Model, _: &Facts, findings: &mut Vec<Diagnostic>) {
    for service in model.all::<Service>().filter(|service| !service.from_catalog) {
        let lifecycle = service.lifecycle.as_ref();
        let Some(lifecycle) = lifecycle.filter(|said| said.value == Lifecycle::Production) else {
            continue;
        };
        let environments = service.environments.iter();
        // A dangling reference is a finding of its own, and may well be the production one.
        let mut tiers =
            environments.map(|name| model.follow::<Environment>(name).map(|found| found.spec.tier));
        if tiers.any(|tier| tier.is_none_or(|tier| tier == EnvironmentTier::Production)) {
            continue;
        }
        let message = if service.environments.is_empty() {
            format!("the production service {} names no environment", service.title())
        } else {
            format!("the production service {} runs in no production environment", service.title())
        };
        findings.push(
            at(&RULE, service, lifecycle.span, message)
                .why("its sites, change rules and error budget follow from its environment")
                .hint("add an environment of the tier `production` to `environments`"),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::vocabulary::TRIAL;

    #[test]
    fn production_without_environment_is_found() {
        TRIAL.finds(
            &RULE,
            "Environment/test: {tier: staging}
             Service/a: {lifecycle: production}
             Service/b: {lifecycle: production, environments: [test]}",
            &[
                ("production", "the production service a names no environment"),
                ("production", "the production service b runs in no production environment"),
            ],
        );
    }

    #[test]
    fn other_lifecycles_and_production_environments_are_right() {
        TRIAL.finds(
            &RULE,
            "Environment/live: {tier: production}
             Service/a: {lifecycle: production, environments: [live]}
             Service/b: {lifecycle: experimental}
             Service/c: {}",
            &[],
        );
    }
}
