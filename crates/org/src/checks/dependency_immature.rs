//! A production service depends on production services only.

use diag::{Code, Diagnostic, RuleInfo, Severity};
use playbook::{Check, Facts, Model, Rule};

use super::at;
use crate::kinds::{Lifecycle, Service};

/// A production service depends on production services only.
pub(super) static RULE: Rule = Rule {
    info: RuleInfo {
        code: Code("ORG027"),
        name: "dependency-immature",
        severity: Severity::Warning,
        summary: "A production service depends on production services only.",
        page: PAGE,
    },
    check: Check::Whole(check),
};

const PAGE: &str = r#"Whatever customers rely on is as reliable as what it stands on. A service that is experimental has no promise yet, and
a deprecated one will be switched off.

Fails:

```yaml
apiVersion: council/v1
kind: Service
metadata: {name: api}
spec: {owner: team/core, lifecycle: production, environments: [live], depends_on: [search]}
---
apiVersion: council/v1
kind: Service
metadata: {name: search}
spec: {owner: team/core, lifecycle: experimental}
---
apiVersion: council/v1
kind: Environment
metadata: {name: live}
spec: {tier: production}
```

Mended:

```yaml
apiVersion: council/v1
kind: Service
metadata: {name: api}
spec: {owner: team/core, lifecycle: production, environments: [live], depends_on: [search]}
---
apiVersion: council/v1
kind: Service
metadata: {name: search}
spec: {owner: team/core, lifecycle: production, environments: [live]}
---
apiVersion: council/v1
kind: Environment
metadata: {name: live}
spec: {tier: production}
```
"#;

fn check(model: &Model, _: &Facts, findings: &mut Vec<Diagnostic>) {
    let lifecycle = |service: &Service| service.lifecycle.as_ref().map(|said| said.value);
    for service in model.all::<Service>() {
        if lifecycle(&service) != Some(Lifecycle::Production) {
            continue;
        }
        for reference in &service.depends_on {
            let Some(needed) = model.follow(reference) else { continue };
            let (state, risk) = match lifecycle(&needed) {
                Some(Lifecycle::Experimental) => ("experimental", "nothing is promised for it yet"),
                Some(Lifecycle::Deprecated) => ("deprecated", "it will be switched off"),
                Some(Lifecycle::Production) | None => continue,
            };
            let message = format!(
                "the production service `{}` depends on `{}`, which is {state}",
                service.name(),
                needed.name()
            );
            findings.push(
                at(&RULE, service, reference.span(), message)
                    .why(risk)
                    .hint(format!("bring `{}` to production, or do without it", needed.name()))
                    .related(needed.resource.place.clone(), "declared here"),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::vocabulary::TRIAL;

    #[test]
    fn production_on_an_experiment_is_found() {
        TRIAL.finds(
            &RULE,
            "Service/a: {lifecycle: production, depends_on: [b, c]}
             Service/b: {lifecycle: experimental}
             Service/c: {lifecycle: deprecated}",
            &[
                ("b", "the production service `a` depends on `b`, which is experimental"),
                ("c", "the production service `a` depends on `c`, which is deprecated"),
            ],
        );
    }

    #[test]
    fn experiments_may_depend_on_anything() {
        TRIAL.finds(
            &RULE,
            "Service/a: {lifecycle: experimental, depends_on: [b]}
             Service/b: {lifecycle: deprecated}
             Service/c: {lifecycle: production, depends_on: [d]}
             Service/d: {}",
            &[],
        );
    }
}
