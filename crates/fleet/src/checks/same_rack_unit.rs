//! No two machines stand in one place of a rack.

use std::collections::BTreeMap;

use diag::{Code, Diagnostic, RuleInfo, Severity};
use playbook::{Check, Facts, Model, Rule, Typed};

use crate::kinds::Machine;

/// No two machines stand in one place of a rack.
pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        code: Code("FLT008"),
        name: "same-rack-unit",
        severity: Severity::Error,
        summary: "No two machines stand in one place of a rack.",
        page: PAGE,
    },
    check: Check::Whole(check),
};

const PAGE: &str = r#"A machine occupies the rack units from `unit` upwards, as many as it is high. Where two overlap, one of the two entries is wrong, and whoever is sent to the rack pulls the wrong one.

Fails:

```yaml
apiVersion: council/v1
kind: Machine
metadata: {name: eu-1-gpu-01}
spec: {site: eu-1, rack: A07, unit: 11, height: 4, role: gpu}
---
apiVersion: council/v1
kind: Machine
metadata: {name: eu-1-gpu-02}
spec: {site: eu-1, rack: A07, unit: 14, height: 4, role: gpu}
---
apiVersion: council/v1
kind: Site
metadata: {name: eu-1}
spec: {role: primary}
---
apiVersion: council/v1
kind: Role
metadata: {name: gpu}
spec: {purpose: Train models.}
```

Mended:

```yaml
apiVersion: council/v1
kind: Machine
metadata: {name: eu-1-gpu-01}
spec: {site: eu-1, rack: A07, unit: 11, height: 4, role: gpu}
---
apiVersion: council/v1
kind: Machine
metadata: {name: eu-1-gpu-02}
spec: {site: eu-1, rack: A07, unit: 15, height: 4, role: gpu}
---
apiVersion: council/v1
kind: Site
metadata: {name: eu-1}
spec: {role: primary}
---
apiVersion: council/v1
kind: Role
metadata: {name: gpu}
spec: {purpose: Train models.}
```
"#;

/// A machine and the rack units that it occupies, lowest and highest.
type Placed<'m> = ((u32, u32), Typed<'m, Machine>);

fn check(model: &Model, facts: &Facts, findings: &mut Vec<Diagnostic>) {
    // By site and rack, from the floor up: an overlap is always with the highest that came before.
    let mut places: BTreeMap<(&str, &str), Vec<Placed<'_>>> = BTreeMap::new();
    for machine in model.all::<Machine>() {
        let is_retired = machine.resource.meta.retired.is_some_and(|day| day <= facts.today);
        let (Some(rack), Some(units), false) =
            (&machine.spec.rack, machine.spec.units(), is_retired)
        else {
            continue;
        };
        places.entry((machine.spec.site.name(), rack)).or_default().push((units, machine));
    }
    for machines in places.values_mut() {
        machines.sort_by_key(|(units, machine)| (*units, machine.name()));
        let mut highest: Option<Placed<'_>> = None;
        for (units, machine) in machines.iter() {
            if let Some((below, other)) = &highest
                && units.0 <= below.1
            {
                findings.extend(overlap(machine, other));
            }
            if highest.as_ref().is_none_or(|(below, _)| below.1 < units.1) {
                highest = Some((*units, *machine));
            }
        }
    }
}

fn overlap(machine: &Typed<'_, Machine>, other: &Typed<'_, Machine>) -> Option<Diagnostic> {
    let (unit, first) = (machine.spec.unit.as_ref()?, other.spec.unit.as_ref()?);
    let (lowest, highest) = other.spec.units()?;
    let message = if lowest == highest {
        format!("`{}` stands in unit {lowest} already", other.name())
    } else {
        format!("`{}` stands in units {lowest} to {highest} already", other.name())
    };
    Some(
        Diagnostic::new(&RULE.info, machine.resource.at(unit.span), message)
            .why("whoever is sent to the rack pulls the wrong machine")
            .hint("correct `unit`, `height` or `rack` of one of them")
            .related(other.resource.at(first.span), "the other one")
            .subject(machine.resource.id.to_string()),
    )
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::vocabulary::TRIAL;

    #[test]
    fn a_machine_inside_a_higher_one_is_found() {
        TRIAL.finds(
            &RULE,
            "
            Machine/a: {site: s, rack: A1, unit: 10, height: 4, role: r}
            Machine/b: {site: s, rack: A1, unit: 11, role: r}
            Machine/c: {site: s, rack: A1, unit: 13, role: r}
        ",
            &[
                ("11", "`a` stands in units 10 to 13 already"),
                ("13", "`a` stands in units 10 to 13 already"),
            ],
        );
    }

    #[test]
    fn neighbours_other_racks_and_other_sites_are_right() {
        TRIAL.finds(
            &RULE,
            "
            Machine/a: {site: s, rack: A1, unit: 10, height: 4, role: r}
            Machine/b: {site: s, rack: A1, unit: 14, role: r}
            Machine/c: {site: s, rack: A2, unit: 10, role: r}
            Machine/d: {site: t, rack: A1, unit: 10, role: r}
            Machine/e: {site: s, rack: A1, role: r}
        ",
            &[],
        );
    }
}
