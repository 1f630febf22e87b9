//! No service depends on itself.

use diag::{Code, Diagnostic, RuleInfo, Severity};
use playbook::{Check, Facts, Model, Ref, Rule};

use super::at;
use crate::cycles;
use crate::kinds::Service;

/// No service depends on itself, directly or over others.
pub(super) static RULE: Rule = Rule {
    info: RuleInfo {
        code: Code("ORG021"),
        name: "dependency-cycle",
        severity: Severity::Error,
        summary: "No service depends on itself, directly or over others.",
        page: PAGE,
    },
    check: Check::Whole(check),
};

const PAGE: &str = r#"Services that need each other cannot be started one after the other, fail together, and have no order in which they
can be recovered. Each reference that closes a circle is named, with the whole circle.

Fails:

```yaml
apiVersion: council/v1
kind: Service
metadata: {name: api}
spec: {owner: team/core, depends_on: [login]}
---
apiVersion: council/v1
kind: Service
metadata: {name: login}
spec: {owner: team/core, depends_on: [api]}
```

Mended:

```yaml
apiVersion: council/v1
kind: Service
metadata: {name: api}
spec: {owner: team/core, depends_on: [login]}
---
apiVersion: council/v1
kind: Service
metadata: {name: login}
spec: {owner: team/core}
```
"#;

fn check(model: &Model, _: &Facts, findings: &mut Vec<Diagnostic>) {
    // A service without dependencies is in no circle, and most are.
    let services = model.all::<Service>().filter(|service| !service.depends_on.is_empty());
    let nodes: Vec<_> = services
        .map(|service| (service.name(), service.spec.depends_on.iter().map(Ref::name).collect()))
        .collect();
    for circle in cycles::circles(&nodes) {
        let Some(service) = model.get::<Service>(circle.from) else { continue };
        let Some(reference) = service.depends_on.get(circle.edge) else { continue };
        let message = format!("services depend on each other: {}", cycles::phrase(&circle.path));
        findings.push(
            at(&RULE, service, reference.span(), message)
                .why("none of them can start or recover first")
                .hint("take one dependency out, or make it optional at run time"),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::vocabulary::TRIAL;

    #[test]
    fn the_circle_is_named_where_it_closes() {
        TRIAL.finds(
            &RULE,
            "Service/a: {depends_on: [b]}
             Service/b: {depends_on: [x, service/c]}
             Service/c: {depends_on: [a]}",
            &[("a", "services depend on each other: `a` → `b` → `c` → `a`")],
        );
    }

    #[test]
    fn two_ways_to_the_same_service_are_right() {
        TRIAL.finds(
            &RULE,
            "Service/a: {depends_on: [b, c]}
             Service/b: {depends_on: [c]}
             Service/c: {}",
            &[],
        );
    }
}
