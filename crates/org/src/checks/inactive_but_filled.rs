//! A conditional seat is filled only while its condition holds.

use diag::{Code, Diagnostic, RuleInfo, Severity};
use playbook::{Check, Facts, Model, Rule};

use super::at;
use crate::Roster;
use crate::kinds::{Organization, Seat};

/// A conditional seat is filled only while its condition holds.
pub(super) static RULE: Rule = Rule {
    info: RuleInfo {
        code: Code("ORG009"),
        name: "inactive-but-filled",
        severity: Severity::Warning,
        summary: "A conditional seat is filled only while its condition holds.",
        page: PAGE,
    },
    check: Check::Whole(check),
};

const PAGE: &str = r#"A seat with `active_when` is at the table only while that condition of the organization is `true`. People in it
before that believe to have a vote, and have none.

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
spec: {owns: Hiring., primary: ana, backup: ben, active_when: hiring}
```

Mended:

```yaml
apiVersion: council/v1
kind: Organization
metadata: {name: example}
spec: {purpose: x, north_star: x, currency: EUR, time_zone: Europe/Berlin, conditions: {hiring: true}}
---
apiVersion: council/v1
kind: Seat
metadata: {name: talent}
spec: {owns: Hiring., primary: ana, backup: ben, active_when: hiring}
```
"#;

fn check(model: &Model, facts: &Facts, findings: &mut Vec<Diagnostic>) {
    let Some(organization) = model.all::<Organization>().next() else { return };
    let roster = Roster::new(model, facts.today);
    for seat in model.all::<Seat>().filter(|seat| !roster.is_active(seat)) {
        let Some(condition) = &seat.active_when else { continue };
        let Some(holder) = seat.primary.as_ref().or(seat.backup.as_ref()) else { continue };
        // An unknown condition is a finding of its own.
        if !organization.conditions.contains_key(condition.as_str()) {
            continue;
        }
        let message =
            format!("{} is filled, while `{}` does not hold", seat.title(), condition.value);
        findings.push(
            at(&RULE, seat, holder.span(), message)
                .why(format!("`{}` has no vote before `{}` holds", holder.name(), condition.value))
                .hint(format!(
                    "set `conditions.{}` to `true` in the organization, or empty the seat",
                    condition.value
                ))
                .related(seat.resource.at(condition.span), "the condition"),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::vocabulary::TRIAL;
    use trial::short::organization;

    #[test]
    fn a_filled_inactive_seat_is_found() {
        TRIAL.finds(
            &RULE,
            "Seat/talent: {owns: x, primary: ana, active_when: hiring}",
            &[("ana", "talent is filled, while `hiring` does not hold")],
        );
    }

    #[test]
    fn an_active_one_and_an_empty_one_are_right() {
        let active = organization("conditions: {hiring: true}");
        let seat = "Seat/talent: {owns: x, primary: ana, active_when: hiring}";
        TRIAL.finds(&RULE, &format!("{active}\n{seat}"), &[]);
        TRIAL.finds(&RULE, "Seat/talent: {owns: x, active_when: hiring}", &[]);
    }
}
