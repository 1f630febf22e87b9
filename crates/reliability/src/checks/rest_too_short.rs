//! Being on call leaves the rest that was agreed.

use diag::{Code, Diagnostic, RuleInfo, Severity};
use jiff::ToSpan;
use playbook::{Check, Facts, Model, Rule};

use crate::kinds::Schedule;
use crate::oncall::simulate::{Breach, Limit, simulate, terms_of};
use crate::oncall::{Window, zone};

/// Being on call leaves the rest that was agreed.
pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        code: Code("REL015"),
        name: "rest-too-short",
        severity: Severity::Warning,
        summary: "Being on call leaves the rest that was agreed.",
        page: PAGE,
    },
    check: Check::Whole(check),
};

const PAGE: &str = r#"Eleven hours of rest a day, 35 together a week and 48 working hours a week on average are what Directive 2003/88/EC asks for; the on-call terms may ask for more. The shifts of a year are held against the terms.

Fails:

```yaml
apiVersion: council/v1
kind: Person
metadata: {name: ana}
spec: {joined: 2020-01-01}
---
apiVersion: council/v1
kind: OnCallTerms
metadata: {name: standby}
spec: {default: true, waiting: at-home}
---
apiVersion: council/v1
kind: Schedule
metadata: {name: first}
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
kind: OnCallTerms
metadata: {name: standby}
spec: {default: true, waiting: at-home}
---
apiVersion: council/v1
kind: Schedule
metadata: {name: first}
spec: {layers: [{starts: 2026-01-05, rotation: {weekly: {day: mon}}, hand_off: "10:00", people: [{person: ana}, {person: ben}]}]}
```
"#;

fn check(model: &Model, facts: &Facts, findings: &mut Vec<Diagnostic>) {
    for schedule in model.all::<Schedule>() {
        // Without terms nobody has said what holds; that is a gap of its own.
        let Some(terms) = terms_of(model, schedule.spec) else { continue };
        let clock = zone(model, schedule.spec);
        let Ok(end) = facts.today.checked_add(1.year()) else { continue };
        let year = Window::of_days(facts.today, end, &clock);
        for breach in simulate(model, schedule, &[], year).breaches {
            let day = breach.first.to_zoned(clock.clone()).date();
            findings.push(
                Diagnostic::new(&RULE.info, schedule.resource.place.clone(), told(&breach, day))
                    .why("tired people make more of what wakes them")
                    .hint("share the turns among more people, shorten them, or change the terms")
                    .related(terms.resource.place.clone(), "agreed here")
                    .subject(schedule.resource.id.to_string()),
            );
        }
    }
}

fn told(breach: &Breach, day: jiff::civil::Date) -> String {
    let Breach { person, worst, agreed, .. } = breach;
    let hours = |tenths: i64| format!("{}.{} hours", tenths / 10, tenths % 10);
    match breach.limit {
        Limit::DailyRest => format!(
            "`{person}` has {} of rest in a day, first on {day}; {} were agreed",
            hours(*worst),
            hours(*agreed)
        ),
        Limit::WeeklyRest => format!(
            "`{person}` has {} of rest together in a week, first from {day} on; {} were agreed",
            hours(*worst),
            hours(*agreed)
        ),
        Limit::WeeklyAverage => format!(
            "`{person}` works {} a week on average, first from {day} on; {} were agreed",
            hours(*worst),
            hours(*agreed)
        ),
        Limit::NightsInARow => format!(
            "`{person}` is on call {worst} nights in a row, first from {day} on; after {agreed} no lost rest can be made good"
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::vocabulary::TRIAL;

    #[test]
    fn too_many_nights_and_hours_are_found() {
        TRIAL.finds(
            &RULE,
            "
            Person/ana: {}
            OnCallTerms/t: {default: true, waiting: at-home, call_outs: {per_week: 20, each: 60m}}
            Schedule/a: {layers: [{starts: 2026-01-05, rotation: {daily: {}}, people: [{person: ana}]}]}
        ",
            &[("a", "`ana` is on call 365 nights in a row, first from 2026-11-22 on; after 7 no lost rest can be made good"), ("a", "`ana` works 60.0 hours a week on average, first from 2026-11-23 on; 48.0 hours were agreed")],
        );
    }

    #[test]
    fn every_other_week_is_right() {
        TRIAL.finds(
            &RULE,
            "
            Person/ana: {}
            Person/ben: {}
            OnCallTerms/t: {default: true, waiting: at-home, call_outs: {per_week: 2, each: 60m}}
            Schedule/a: {layers: [{starts: 2026-01-05, rotation: {weekly: {day: mon}}, people: [{person: ana}, {person: ben}]}]}
        ",
            &[],
        );
    }
}
