//! The machines of a rack draw no more than its budget.

use std::collections::BTreeMap;

use diag::{Code, Diagnostic, RuleInfo, Severity};
use playbook::{Check, Facts, Model, Rule};

use crate::kinds::{HardwareModel, Intent, Machine, Rack};

/// The machines of a rack draw no more than its budget.
pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        code: Code("FLT012"),
        name: "rack-over-budget",
        severity: Severity::Error,
        summary: "The machines of a rack draw no more than its budget.",
        page: PAGE,
    },
    check: Check::Whole(check),
};

const PAGE: &str = r#"A rack whose machines draw more than one feed carries runs well until the other feed fails; then all of it goes dark. The sum is that of the hardware models, at their most.

Fails:

```yaml
apiVersion: council/v1
kind: Rack
metadata: {name: eu-1-a07}
spec: {site: eu-1, label: A07, units: 42, budget_watts: 5000}
---
apiVersion: council/v1
kind: Machine
metadata: {name: a}
spec: {site: eu-1, role: gpu, rack: A07, unit: 1, model: gpu-4u}
---
apiVersion: council/v1
kind: Machine
metadata: {name: b}
spec: {site: eu-1, role: gpu, rack: A07, unit: 5, model: gpu-4u}
---
apiVersion: council/v1
kind: HardwareModel
metadata: {name: gpu-4u}
spec: {watts: 3200}
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
spec: {site: eu-1, label: A07, units: 42, budget_watts: 11000}
---
apiVersion: council/v1
kind: Machine
metadata: {name: a}
spec: {site: eu-1, role: gpu, rack: A07, unit: 1, model: gpu-4u}
---
apiVersion: council/v1
kind: Machine
metadata: {name: b}
spec: {site: eu-1, role: gpu, rack: A07, unit: 5, model: gpu-4u}
---
apiVersion: council/v1
kind: HardwareModel
metadata: {name: gpu-4u}
spec: {watts: 3200}
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

fn check(model: &Model, facts: &Facts, findings: &mut Vec<Diagnostic>) {
    let mut drawn: BTreeMap<(&str, &str), u64> = BTreeMap::new();
    for machine in model.all::<Machine>() {
        let is_gone = machine.resource.meta.retired.is_some_and(|day| day <= facts.today)
            || machine.spec.lifecycle == Intent::Retired;
        let (Some(rack), Some(bought), false) = (&machine.spec.rack, &machine.spec.model, is_gone)
        else {
            continue;
        };
        let bought = model.get::<HardwareModel>(bought.name());
        let watts = bought.and_then(|bought| bought.spec.watts.as_ref()).map_or(0, |it| it.value);
        let sum = drawn.entry((machine.spec.site.name(), rack)).or_default();
        *sum = sum.saturating_add(watts);
    }
    for rack in model.all::<Rack>() {
        let Some(budget) = &rack.spec.budget_watts else { continue };
        let key = (rack.spec.site.name(), rack.spec.label.as_str());
        let sum = drawn.get(&key).copied().unwrap_or_default();
        if sum > budget.value {
            let message = format!("its machines draw up to {sum} W");
            findings.push(
                Diagnostic::new(&RULE.info, rack.resource.at(budget.span), message)
                    .why("when one feed fails, the other one trips")
                    .hint("move machines to another rack, or have more power laid")
                    .subject(rack.resource.id.to_string()),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::vocabulary::TRIAL;

    #[test]
    fn a_rack_whose_machines_draw_more_is_found() {
        TRIAL.finds(
            &RULE,
            "
            Rack/x: {site: s, label: A1, budget_watts: 1000}
            HardwareModel/m: {watts: 600}
            Machine/a: {site: s, rack: A1, role: r, model: m}
            Machine/b: {site: s, rack: A1, role: r, model: m}
        ",
            &[("1000", "its machines draw up to 1200 W")],
        );
    }

    #[test]
    fn other_sites_and_retired_machines_do_not_count() {
        TRIAL.finds(
            &RULE,
            "
            Rack/x: {site: s, label: A1, budget_watts: 1200}
            HardwareModel/m: {watts: 600}
            Machine/a: {site: s, rack: A1, role: r, model: m}
            Machine/b: {site: s, rack: A1, role: r, model: m}
            Machine/c: {site: t, rack: A1, role: r, model: m}
            Machine/d: {site: s, rack: A1, role: r, model: m, lifecycle: retired}
        ",
            &[],
        );
    }
}
