//! Nobody is primary of too many seats.

use std::collections::BTreeMap;

use diag::{Code, Diagnostic, RuleInfo, Severity};
use playbook::{Check, Facts, Model, Rule, Typed};

use super::at;
use crate::Roster;
use crate::kinds::{Organization, Seat};

/// Nobody is primary of more seats than `limits.seats_per_person` allows.
pub(super) static RULE: Rule = Rule {
    info: RuleInfo {
        code: Code("ORG007"),
        name: "seats-too-many",
        severity: Severity::Error,
        summary: "Nobody is primary of more seats than `limits.seats_per_person` allows.",
        page: PAGE,
    },
    check: Check::Whole(check),
};

const PAGE: &str = r#"One person may hold several seats, but each further one makes an absence more expensive, and a vote less of a
second opinion. The organization says how many are too many; three when it says nothing.

Fails:

```yaml
apiVersion: council/v1
kind: Organization
metadata: {name: example}
spec: {purpose: x, north_star: x, currency: EUR, time_zone: Europe/Berlin, limits: {seats_per_person: 1}}
---
apiVersion: council/v1
kind: Seat
metadata: {name: network}
spec: {owns: The network., primary: ana}
---
apiVersion: council/v1
kind: Seat
metadata: {name: finops}
spec: {owns: Costs., primary: ana}
```

Mended:

```yaml
apiVersion: council/v1
kind: Organization
metadata: {name: example}
spec: {purpose: x, north_star: x, currency: EUR, time_zone: Europe/Berlin, limits: {seats_per_person: 1}}
---
apiVersion: council/v1
kind: Seat
metadata: {name: network}
spec: {owns: The network., primary: ana}
---
apiVersion: council/v1
kind: Seat
metadata: {name: finops}
spec: {owns: Costs., primary: ben}
```
"#;

fn check(model: &Model, facts: &Facts, findings: &mut Vec<Diagnostic>) {
    let Some(organization) = model.all::<Organization>().next() else { return };
    let limit = organization.limits.seats_per_person;
    let roster = Roster::new(model, facts.today);
    let mut held: BTreeMap<&str, Vec<Typed<'_, Seat>>> = BTreeMap::new();
    for seat in model.all::<Seat>().filter(|seat| roster.is_active(seat)) {
        if let Some(primary) = &seat.spec.primary {
            held.entry(primary.name()).or_default().push(seat);
        }
    }
    for (person, seats) in held {
        let allowed = usize::try_from(limit).unwrap_or(usize::MAX);
        for seat in seats.iter().skip(allowed) {
            let Some(primary) = &seat.spec.primary else { continue };
            let message =
                format!("`{person}` is primary of {} seats, {limit} are allowed", seats.len());
            let others = seats.iter().filter(|other| other.name() != seat.name());
            let others: Vec<_> = others.map(|other| format!("`{}`", other.resource.id)).collect();
            findings.push(
                at(&RULE, *seat, primary.span(), message)
                    .why(format!("beside this one, they hold {}", others.join(", ")))
                    .hint("name another primary, or raise `limits.seats_per_person`"),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::vocabulary::TRIAL;

    #[test]
    fn the_seat_above_the_limit_is_found() {
        TRIAL.finds(
            &RULE,
            "Seat/a: {owns: x, primary: ana}
             Seat/b: {owns: x, primary: ana}
             Seat/c: {owns: x, primary: ana}
             Seat/d: {owns: x, primary: ana}",
            &[("ana", "`ana` is primary of 4 seats, 3 are allowed")],
        );
    }

    #[test]
    fn the_limit_itself_and_inactive_seats_are_right() {
        TRIAL.finds(
            &RULE,
            "Seat/a: {owns: x, primary: ana}
             Seat/b: {owns: x, primary: ana}
             Seat/c: {owns: x, primary: ana}
             Seat/d: {owns: x, primary: ana, active_when: hiring}",
            &[],
        );
    }
}
