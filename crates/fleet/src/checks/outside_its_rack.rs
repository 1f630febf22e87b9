//! A machine stands within its rack.

use std::collections::BTreeMap;

use diag::{Code, Diagnostic, RuleInfo, Severity};
use playbook::{Check, Facts, Model, Rule};

use crate::kinds::{Machine, Rack};

/// A machine stands within its rack.
pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        code: Code("FLT013"),
        name: "outside-its-rack",
        severity: Severity::Error,
        summary: "A machine stands within its rack.",
        page: PAGE,
    },
    check: Check::Whole(check),
};

const PAGE: &str = r#"A unit beyond the top of the rack is a typing error, and whoever is sent there finds nothing. Racks that nobody has declared are not judged.

Fails:

```yaml
apiVersion: council/v1
kind: Rack
metadata: {name: eu-1-a07}
spec: {site: eu-1, label: A07, units: 42, budget_watts: 9000}
---
apiVersion: council/v1
kind: Machine
metadata: {name: a}
spec: {site: eu-1, role: gpu, rack: A07, unit: 41, height: 4}
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
kind: Rack
metadata: {name: eu-1-a07}
spec: {site: eu-1, label: A07, units: 42, budget_watts: 9000}
---
apiVersion: council/v1
kind: Machine
metadata: {name: a}
spec: {site: eu-1, role: gpu, rack: A07, unit: 39, height: 4}
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

fn check(model: &Model, _: &Facts, findings: &mut Vec<Diagnostic>) {
    let racks: BTreeMap<(&str, &str), u32> = model
        .all::<Rack>()
        .map(|rack| ((rack.spec.site.name(), rack.spec.label.as_str()), rack.spec.units))
        .collect();
    for machine in model.all::<Machine>() {
        let (Some(rack), Some(unit), Some((lowest, highest))) =
            (&machine.spec.rack, &machine.spec.unit, machine.spec.units())
        else {
            continue;
        };
        let Some(units) = racks.get(&(machine.spec.site.name(), rack.as_str())) else { continue };
        if lowest == 0 || highest > *units {
            let message = format!("rack `{rack}` has the units 1 to {units}");
            findings.push(
                Diagnostic::new(&RULE.info, machine.resource.at(unit.span), message)
                    .why("units are counted from the floor, and nothing stands beyond the top")
                    .hint("correct `unit` or `height`, or the `units` of the rack")
                    .subject(machine.resource.id.to_string()),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::vocabulary::TRIAL;

    #[test]
    fn below_the_floor_and_beyond_the_top_are_found() {
        TRIAL.finds(
            &RULE,
            "
            Rack/x: {site: s, label: A1, units: 20}
            Machine/a: {site: s, rack: A1, unit: 0, role: r}
            Machine/b: {site: s, rack: A1, unit: 19, height: 3, role: r}
        ",
            &[("0", "rack `A1` has the units 1 to 20"), ("19", "rack `A1` has the units 1 to 20")],
        );
    }

    #[test]
    fn the_top_unit_and_unknown_racks_are_right() {
        TRIAL.finds(
            &RULE,
            "
            Rack/x: {site: s, label: A1, units: 20}
            Machine/a: {site: s, rack: A1, unit: 20, role: r}
            Machine/b: {site: s, rack: B1, unit: 90, role: r}
        ",
            &[],
        );
    }
}
