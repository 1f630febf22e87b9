//! A machine stands at a site of its environment.

use diag::{Code, Diagnostic, RuleInfo, Severity};
use playbook::{Check, Facts, Model, Rule};

use crate::kinds::Machine;

/// A machine stands at a site of its environment.
pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        code: Code("FLT009"),
        name: "machine-off-site",
        severity: Severity::Warning,
        summary: "A machine stands at a site of its environment.",
        page: PAGE,
    },
    check: Check::Whole(check),
};

const PAGE: &str = r#"An environment names the sites that it spans. A machine of it elsewhere is either misfiled or makes the environment larger than anybody agreed.

Fails:

```yaml
apiVersion: council/v1
kind: Machine
metadata: {name: eu-2-cmp-01}
spec: {site: eu-2, role: compute, environment: development}
---
apiVersion: council/v1
kind: Environment
metadata: {name: development}
spec: {tier: development, sites: [eu-1]}
---
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
kind: Role
metadata: {name: compute}
spec: {purpose: Run virtual machines.}
```

Mended:

```yaml
apiVersion: council/v1
kind: Machine
metadata: {name: eu-2-cmp-01}
spec: {site: eu-2, role: compute, environment: development}
---
apiVersion: council/v1
kind: Environment
metadata: {name: development}
spec: {tier: development, sites: [eu-1, eu-2]}
---
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
kind: Role
metadata: {name: compute}
spec: {purpose: Run virtual machines.}
```
"#;

fn check(model: &Model, _: &Facts, findings: &mut Vec<Diagnostic>) {
    for machine in model.all::<Machine>() {
        let Some(reference) = &machine.spec.environment else { continue };
        let Some(environment) = model.follow(reference) else { continue };
        let sites = &environment.spec.sites;
        if sites.is_empty() || sites.contains(&machine.spec.site) {
            continue;
        }
        let site = &machine.spec.site;
        let message = format!("{reference} does not span {site}");
        findings.push(
            Diagnostic::new(&RULE.info, machine.resource.at(reference.span()), message)
                .why("its machines stand at its sites")
                .hint(format!("correct `site` or `environment`, or let {reference} span {site}"))
                .related(environment.resource.place.clone(), "the environment and its sites")
                .subject(machine.resource.id.to_string()),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::vocabulary::TRIAL;

    #[test]
    fn a_machine_elsewhere_is_found() {
        TRIAL.finds(
            &RULE,
            "
            Environment/dev: {tier: development, sites: [eu-1]}
            Machine/a: {site: eu-2, role: r, environment: dev}
        ",
            &[("dev", "environment/dev does not span site/eu-2")],
        );
    }

    #[test]
    fn its_own_site_and_an_environment_without_sites_are_right() {
        TRIAL.finds(
            &RULE,
            "
            Environment/dev: {tier: development, sites: [eu-1]}
            Environment/open: {tier: staging}
            Machine/a: {site: eu-1, role: r, environment: dev}
            Machine/b: {site: eu-2, role: r, environment: open}
            Machine/c: {site: eu-2, role: r}
        ",
            &[],
        );
    }
}
