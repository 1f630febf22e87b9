//! Somebody at the table is at work during all promised hours.

use diag::{Code, Diagnostic, RuleInfo, Severity};
use playbook::{Check, Facts, Model, Rule};

use super::at;
use crate::coverage;
use crate::{Roster, kinds::Organization};

/// Somebody at the table is at work during all hours that the organization promises.
pub(super) static RULE: Rule = Rule {
    info: RuleInfo {
        code: Code("ORG008"),
        name: "hours-uncovered",
        severity: Severity::Warning,
        summary: "Somebody at the table is at work during all hours that the organization promises.",
        page: PAGE,
    },
    check: Check::Whole(check),
};

const PAGE: &str = r#"The holders of seats, each by their own clock and working hours, should cover the business hours (or
`coverage`, when the organization promises more). In a gap, nobody can agree to an urgent change.

Fails:

```yaml
apiVersion: council/v1
kind: Organization
metadata: {name: example}
spec: {purpose: x, north_star: x, currency: EUR, time_zone: Europe/Berlin, coverage: {from: "08:00", to: "17:00"}}
---
apiVersion: council/v1
kind: Person
metadata: {name: ana}
spec: {working_hours: {from: "09:00", to: "17:00"}}
---
apiVersion: council/v1
kind: Seat
metadata: {name: network}
spec: {owns: The network., primary: ana}
```

Mended:

```yaml
apiVersion: council/v1
kind: Organization
metadata: {name: example}
spec: {purpose: x, north_star: x, currency: EUR, time_zone: Europe/Berlin, coverage: {from: "08:00", to: "17:00"}}
---
apiVersion: council/v1
kind: Person
metadata: {name: ana}
spec: {working_hours: {from: "09:00", to: "17:00"}}
---
apiVersion: council/v1
kind: Person
metadata: {name: ben}
spec: {working_hours: {from: "07:00", to: "15:00"}}
---
apiVersion: council/v1
kind: Seat
metadata: {name: network}
spec: {owns: The network., primary: ana, backup: ben}
```
"#;

fn check(model: &Model, facts: &Facts, findings: &mut Vec<Diagnostic>) {
    let Some(organization) = model.all::<Organization>().next() else { return };
    let roster = Roster::new(model, facts.today);
    for gap in coverage::gaps(&roster) {
        let (from, to) = (gap.from.strftime("%H:%M"), gap.to.strftime("%H:%M"));
        let message = format!("nobody at the table is at work from {from} to {to}");
        findings.push(
            at(&RULE, organization, organization.time_zone.span, message)
                .why(format!(
                    "time zones and working hours of the seats' holders leave a gap, by the clock of {}",
                    organization.time_zone.value
                ))
                .hint("find a primary or backup who works then, or promise fewer hours in `coverage`"),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::vocabulary::TRIAL;

    #[test]
    fn a_hole_in_the_day_is_found() {
        TRIAL.finds(
            &RULE,
            "Person/ana: {time_zone: Europe/Athens}\nSeat/net: {owns: x, primary: ana}",
            &[("Europe/Berlin", "nobody at the table is at work from 16:00 to 17:00")],
        );
    }

    #[test]
    fn a_covered_day_and_an_empty_table_are_no_hole() {
        TRIAL.finds(&RULE, "Person/ana: {}\nSeat/net: {owns: x, primary: ana}", &[]);
        TRIAL.finds(&RULE, "Seat/net: {owns: x}", &[]);
    }
}
