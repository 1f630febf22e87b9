//! Somebody is on call whenever somebody should be.

use diag::{Code, Diagnostic, RuleInfo, Severity};
use jiff::ToSpan;
use playbook::{Check, Facts, Model, Rule};

use crate::kinds::Schedule;
use crate::oncall::{Window, gaps, shifts, zone};

/// Somebody is on call whenever somebody should be.
pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        code: Code("REL012"),
        name: "on-call-gap",
        severity: Severity::Warning,
        summary: "Somebody is on call whenever somebody should be.",
        page: PAGE,
    },
    check: Check::Whole(check),
};

const PAGE: &str = r#"A page that reaches nobody wakes nobody. The next eight weeks are looked at, with everybody's days away, joins and leaves.

Fails:

```yaml
apiVersion: council/v1
kind: Person
metadata: {name: ana}
spec: {away: [{from: 2026-12-24, to: 2026-12-26}]}
---
apiVersion: council/v1
kind: Schedule
metadata: {name: first}
spec: {layers: [{starts: 2026-01-05, rotation: {weekly: {day: mon}}, people: [{person: ana}]}]}
```

Mended:

```yaml
apiVersion: council/v1
kind: Person
metadata: {name: ana}
spec: {away: [{from: 2026-12-24, to: 2026-12-26}]}
---
apiVersion: council/v1
kind: Person
metadata: {name: ben}
spec: {joined: 2020-01-01}
---
apiVersion: council/v1
kind: Schedule
metadata: {name: first}
spec: {layers: [{starts: 2026-01-05, rotation: {weekly: {day: mon}}, people: [{person: ana}]}]}
---
apiVersion: council/v1
kind: Override
metadata: {name: christmas}
spec: {schedule: first, person: ben, from: 2026-12-24T00:00:00, to: 2026-12-27T00:00:00}
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
        let gaps = gaps(model, schedule.spec, &found, window);
        let Some(first) = gaps.first() else { continue };
        let local = |at: jiff::Timestamp| {
            at.to_zoned(clock.clone()).strftime("%a %Y-%m-%d %H:%M").to_string()
        };
        let more = match gaps.len() - 1 {
            0 => String::new(),
            more => format!(", and {} more until {end}", diag::words::count(more, "time")),
        };
        let (from, to) = (local(first.from), local(first.to));
        let message =
            format!("nobody is on call in {} from {from} to {to}{more}", schedule.title());
        findings.push(
            Diagnostic::new(&RULE.info, schedule.resource.place.clone(), message)
                .why("a page in that time reaches nobody")
                .hint("write an override, add somebody to a layer, or say under `covers` when somebody must be on call")
                .subject(schedule.resource.id.to_string()),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::vocabulary::TRIAL;

    #[test]
    fn hours_and_days_without_anybody_are_found() {
        TRIAL.finds(
            &RULE,
            "
            Person/ana: {away: [{from: 2026-12-24, to: 2026-12-26}]}
            Schedule/a: {layers: [{starts: 2026-01-05, rotation: {weekly: {day: mon}}, people: [{person: ana}]}]}
            Schedule/b: {covers: [{from: '08:00', to: '18:00'}], layers: [{starts: 2026-01-05, rotation: {daily: {}}, people: [{person: ana, leaves: 2027-01-15}], only: [{from: '09:00', to: '18:00'}]}]}
        ",
            &[("a", "nobody is on call in a from Thu 2026-12-24 00:00 to Sun 2026-12-27 00:00"), ("b", "nobody is on call in b from Mon 2026-11-23 08:00 to Mon 2026-11-23 09:00, and 55 times more until 2027-01-18")],
        );
    }

    #[test]
    fn a_schedule_that_is_covered_is_right() {
        TRIAL.finds(
            &RULE,
            "
            Person/ana: {}
            Person/ben: {}
            Schedule/a: {layers: [{starts: 2026-01-05, rotation: {weekly: {day: mon}}, people: [{person: ana}, {person: ben}]}]}
            Schedule/b: {covers: [{days: [mon], from: '09:00', to: '17:00'}], layers: [{starts: 2026-01-05, rotation: {daily: {}}, people: [{person: ana}], only: [{from: '09:00', to: '17:00'}]}]}
        ",
            &[],
        );
    }
}
