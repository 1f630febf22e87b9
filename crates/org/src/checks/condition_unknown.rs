//! `active_when` names a condition of the organization.

use diag::{Code, Diagnostic, RuleInfo, Severity};
use playbook::{Check, Facts, Model, Rule};

use super::at;
use crate::kinds::{Organization, Seat};
use crate::suggest;

/// `active_when` names a condition of the organization.
pub(super) static RULE: Rule = Rule {
    info: RuleInfo {
        code: Code("ORG010"),
        name: "condition-unknown",
        severity: Severity::Error,
        summary: "`active_when` names a condition of the organization.",
        page: PAGE,
    },
    check: Check::Whole(check),
};

const PAGE: &str = r#"A condition that the organization does not list never holds, so that the seat would silently never be active.

Fails:

```yaml
apiVersion: council/v1
kind: Organization
metadata: {name: example}
spec: {purpose: x, north_star: x, currency: EUR, time_zone: Europe/Berlin, conditions: {hiring: false}}
---
apiVersion: council/v1
kind: Seat
metadata: {name: talent}
spec: {owns: Hiring., active_when: hirring}
```

Mended:

```yaml
apiVersion: council/v1
kind: Organization
metadata: {name: example}
spec: {purpose: x, north_star: x, currency: EUR, time_zone: Europe/Berlin, conditions: {hiring: false}}
---
apiVersion: council/v1
kind: Seat
metadata: {name: talent}
spec: {owns: Hiring., active_when: hiring}
```
"#;

fn check(model: &Model, _: &Facts, findings: &mut Vec<Diagnostic>) {
    let Some(organization) = model.all::<Organization>().next() else { return };
    let known = &organization.conditions;
    for seat in model.all::<Seat>() {
        let Some(condition) = &seat.active_when else { continue };
        if known.contains_key(condition.as_str()) {
            continue;
        }
        let hint = suggest::hint(condition, known.keys().cloned()).unwrap_or_else(|| {
            format!("add `{}: false` to `conditions` of the organization", condition.value)
        });
        let message = format!("the organization has no condition `{}`", condition.value);
        findings.push(
            at(&RULE, seat, condition.span, message)
                .why("a condition that is not listed never holds")
                .hint(hint)
                .related(organization.resource.place.clone(), "the organization"),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::vocabulary::TRIAL;

    #[test]
    fn a_misspelt_condition_is_found() {
        TRIAL.finds(
            &RULE,
            "Seat/talent: {owns: x, active_when: hirring}",
            &[("hirring", "the organization has no condition `hirring`")],
        );
    }

    #[test]
    fn a_listed_condition_is_right() {
        TRIAL.finds(&RULE, "Seat/talent: {owns: x, active_when: hiring}", &[]);
    }
}
