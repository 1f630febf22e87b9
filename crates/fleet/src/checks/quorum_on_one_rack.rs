//! No rack holds the quorum of a role.

use std::collections::BTreeMap;

use diag::{Code, Diagnostic, RuleInfo, Severity};
use playbook::{Check, Facts, Model, Rule};

use crate::kinds::{Intent, Machine, Role};

/// No rack holds the quorum of a role.
pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        code: Code("FLT016"),
        name: "quorum-on-one-rack",
        severity: Severity::Warning,
        summary: "No rack holds the quorum of a role.",
        page: PAGE,
    },
    check: Check::Whole(check),
};

const PAGE: &str = r#"When the rack loses its power or its switch, the role loses the majority, and with it everything that depends on it. A role with fewer than three machines at a site has no quorum to spread.

Fails:

```yaml
apiVersion: council/v1
kind: Role
metadata: {name: gpu}
spec: {purpose: Keeps the state., keeps_quorum: true}
---
apiVersion: council/v1
kind: Machine
metadata: {name: a}
spec: {site: eu-1, role: gpu, rack: A1, unit: 1}
---
apiVersion: council/v1
kind: Machine
metadata: {name: b}
spec: {site: eu-1, role: gpu, rack: A1, unit: 2}
---
apiVersion: council/v1
kind: Machine
metadata: {name: c}
spec: {site: eu-1, role: gpu, rack: A2, unit: 1}
---
apiVersion: council/v1
kind: Site
metadata: {name: eu-1}
spec: {role: primary}
```

Mended:

```yaml
apiVersion: council/v1
kind: Role
metadata: {name: gpu}
spec: {purpose: Keeps the state., keeps_quorum: true}
---
apiVersion: council/v1
kind: Machine
metadata: {name: a}
spec: {site: eu-1, role: gpu, rack: A1, unit: 1}
---
apiVersion: council/v1
kind: Machine
metadata: {name: b}
spec: {site: eu-1, role: gpu, rack: A3, unit: 2}
---
apiVersion: council/v1
kind: Machine
metadata: {name: c}
spec: {site: eu-1, role: gpu, rack: A2, unit: 1}
---
apiVersion: council/v1
kind: Site
metadata: {name: eu-1}
spec: {role: primary}
```
"#;

/// How many machines of a role each rack of a site holds, and how many the site has.
type Held<'m> = (BTreeMap<&'m str, usize>, usize);

fn check(model: &Model, facts: &Facts, findings: &mut Vec<Diagnostic>) {
    let mut held: BTreeMap<(&str, &str), Held<'_>> = BTreeMap::new();
    for machine in model.all::<Machine>() {
        let spec = machine.spec;
        let is_gone = machine.resource.meta.retired.is_some_and(|day| day <= facts.today)
            || spec.lifecycle == Intent::Retired;
        if is_gone {
            continue;
        }
        let (racks, all) = held.entry((spec.role.name(), spec.site.name())).or_default();
        *all += 1;
        if let Some(rack) = &spec.rack {
            *racks.entry(rack).or_default() += 1;
        }
    }
    for ((role, site), (racks, all)) in &held {
        let Some(role) = model.get::<Role>(role).filter(|role| role.spec.keeps_quorum) else {
            continue;
        };
        // What is left must be more than half of all.
        let fatal = racks.iter().find(|(_, count)| *all >= 3 && (*all - **count) * 2 <= *all);
        if let Some((rack, count)) = fatal {
            let message =
                format!("rack `{rack}` of {site} holds {count} of the {all} machines of the role");
            findings.push(
                Diagnostic::new(&RULE.info, role.resource.place.clone(), message)
                    .why("when the rack is lost, the rest is no majority")
                    .hint("move machines so that no rack holds half of them")
                    .subject(role.resource.id.to_string()),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::vocabulary::TRIAL;

    #[test]
    fn a_rack_with_half_of_the_machines_is_found() {
        TRIAL.finds(
            &RULE,
            "
            Role/r: {purpose: x, keeps_quorum: true}
            Machine/a: {site: s, rack: A1, role: r}
            Machine/b: {site: s, rack: A1, role: r}
            Machine/c: {site: s, rack: A2, role: r}
            Machine/d: {site: s, rack: A3, role: r}
        ",
            &[("r", "rack `A1` of s holds 2 of the 4 machines of the role")],
        );
    }

    #[test]
    fn three_racks_two_machines_and_roles_without_quorum_are_right() {
        TRIAL.finds(
            &RULE,
            "
            Role/r: {purpose: x, keeps_quorum: true}
            Role/q: {purpose: x}
            Machine/a: {site: s, rack: A1, role: r}
            Machine/b: {site: s, rack: A2, role: r}
            Machine/c: {site: s, rack: A3, role: r}
            Machine/d: {site: t, rack: A1, role: r}
            Machine/e: {site: t, rack: A1, role: r}
            Machine/f: {site: s, rack: A1, role: q}
            Machine/g: {site: s, rack: A1, role: q}
            Machine/h: {site: s, rack: A1, role: q}
        ",
            &[],
        );
    }
}
