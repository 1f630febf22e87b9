//! Nobody is on call in two schedules at the same time.

use std::collections::BTreeSet;

use diag::{Code, Diagnostic, RuleInfo, Severity};
use jiff::ToSpan;
use playbook::{Check, Facts, Model, Rule};

use crate::kinds::Schedule;
use crate::oncall::simulate::double_bookings;
use crate::oncall::{Window, shifts, zone};

/// Nobody is on call in two schedules at the same time.
pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        code: Code("REL013"),
        name: "on-call-twice",
        severity: Severity::Warning,
        summary: "Nobody is on call in two schedules at the same time.",
        page: PAGE,
    },
    check: Check::Whole(check),
};

const PAGE: &str = r#"Whoever is both the first and the second to be asked is one person, however many steps the escalation has. The next eight weeks are looked at.

Fails:

```yaml
apiVersion: council/v1
kind: Person
metadata: {name: ana}
spec: {joined: 2020-01-01}
---
apiVersion: council/v1
kind: Schedule
metadata: {name: first}
spec: {layers: [{starts: 2026-01-05, rotation: {daily: {}}, people: [{person: ana}]}]}
---
apiVersion: council/v1
kind: Schedule
metadata: {name: second}
spec: {layers: [{starts: 2026-01-05, rotation: {daily: {}}, people: [{person: ana}]}]}
```

Mended:

```yaml
apiVersion: council/v1
kind: Person
metadata: {name: ana}
spec: {joined: 2020-01-01}
---
apiVersion: council/v1
kind: Person
metadata: {name: ben}
spec: {joined: 2020-01-01}
---
apiVersion: council/v1
kind: Schedule
metadata: {name: first}
spec: {layers: [{starts: 2026-01-05, rotation: {daily: {}}, people: [{person: ana}]}]}
---
apiVersion: council/v1
kind: Schedule
metadata: {name: second}
spec: {layers: [{starts: 2026-01-05, rotation: {daily: {}}, people: [{person: ben}]}]}
```
"#;

/// How far ahead is looked: far enough to ask somebody, near enough that the list of people will hold.
const DAYS: i32 = 56;

fn check(model: &Model, facts: &Facts, findings: &mut Vec<Diagnostic>) {
    for schedule in model.all::<Schedule>() {
        let clock = zone(model, schedule.spec);
        let Ok(end) = facts.today.checked_add(DAYS.days()) else { continue };
        let window = Window::of_days(facts.today, end, &clock);
        let found = shifts(model, schedule, &[], window);
        let bookings = double_bookings(model, schedule, &[], (&found, window));
        // Each pair is told once, at the schedule whose name comes first.
        let mut told = BTreeSet::new();
        for booking in bookings.into_iter().filter(|booking| schedule.name() < &*booking.other) {
            if !told.insert((booking.person.clone(), booking.other.clone())) {
                continue;
            }
            let from = booking.window.from.to_zoned(clock.clone());
            let message = format!(
                "`{}` is on call here and in `schedule/{}` at the same time, first on {}",
                booking.person,
                booking.other,
                from.strftime("%a %Y-%m-%d %H:%M")
            );
            findings.push(
                Diagnostic::new(&RULE.info, schedule.resource.place.clone(), message)
                    .why("two steps of an escalation then reach one person")
                    .hint("let the lists begin with different people, or write an override")
                    .subject(schedule.resource.id.to_string()),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::vocabulary::TRIAL;

    #[test]
    fn one_person_in_two_schedules_is_found() {
        TRIAL.finds(
            &RULE,
            "
            Person/ana: {}
            Person/ben: {}
            Schedule/a: {layers: [{starts: 2026-01-05, rotation: {weekly: {day: mon}}, people: [{person: ana}]}]}
            Schedule/b: {layers: [{starts: 2026-01-05, rotation: {daily: {}}, people: [{person: ana}, {person: ben}]}]}
        ",
            &[("a", "`ana` is on call here and in `schedule/b` at the same time, first on Mon 2026-11-23 00:00")],
        );
    }

    #[test]
    fn lists_that_begin_apart_are_right() {
        TRIAL.finds(
            &RULE,
            "
            Person/ana: {}
            Person/ben: {}
            Schedule/a: {layers: [{starts: 2026-01-05, rotation: {weekly: {day: mon}}, people: [{person: ana}, {person: ben}]}]}
            Schedule/b: {layers: [{starts: 2026-01-05, rotation: {weekly: {day: mon}}, people: [{person: ben}, {person: ana}]}]}
        ",
            &[],
        );
    }
}
