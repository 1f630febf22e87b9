//! At least two people share the hours of a schedule.

use diag::{Code, Diagnostic, RuleInfo, Severity};
use jiff::ToSpan;
use playbook::{Check, Facts, Model, Rule};

use crate::kinds::Schedule;
use crate::oncall::simulate::depth;
use crate::oncall::{Window, zone};

/// At least two people share the hours of a schedule.
pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        code: Code("REL014"),
        name: "on-call-alone",
        severity: Severity::Warning,
        summary: "At least two people share the hours of a schedule.",
        page: PAGE,
    },
    check: Check::Whole(check),
};

const PAGE: &str = r#"Whoever is the only one can never be ill, and never be away. The next eight weeks are looked at.

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
spec: {layers: [{starts: 2026-01-05, rotation: {daily: {}}, people: [{person: ana}, {person: ben}]}]}
```
"#;

/// How far ahead is looked: far enough to ask somebody, near enough that the list of people will hold.
const DAYS: i32 = 56;

fn check(model: &Model, facts: &Facts, findings: &mut Vec<Diagnostic>) {
    for schedule in model.all::<Schedule>() {
        let clock = zone(model, schedule.spec);
        let Ok(end) = facts.today.checked_add(DAYS.days()) else { continue };
        let depth = depth(model, schedule.spec, Window::of_days(facts.today, end, &clock));
        // Hours that nobody has are another rule's.
        let ([only], Some(at)) = (depth.names.as_slice(), depth.at) else { continue };
        let from = at.from.to_zoned(clock);
        let message = format!(
            "`{only}` is the only one who can be on call in {} on {}",
            schedule.title(),
            from.strftime("%a %Y-%m-%d %H:%M")
        );
        findings.push(
            Diagnostic::new(&RULE.info, schedule.resource.place.clone(), message)
                .why("nobody can stand in when they are ill")
                .hint("add somebody to the layer")
                .subject(schedule.resource.id.to_string()),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::vocabulary::TRIAL;

    #[test]
    fn whoever_is_left_alone_is_found() {
        TRIAL.finds(
            &RULE,
            "
            Person/ana: {}
            Person/ben: {leaves: 2026-12-01}
            Schedule/a: {layers: [{starts: 2026-01-05, rotation: {weekly: {day: mon}}, people: [{person: ana}, {person: ben}]}]}
        ",
            &[("a", "`ana` is the only one who can be on call in a on Tue 2026-12-01 00:00")],
        );
    }

    #[test]
    fn two_people_are_right() {
        TRIAL.finds(
            &RULE,
            "
            Person/ana: {}
            Person/ben: {}
            Schedule/a: {layers: [{starts: 2026-01-05, rotation: {weekly: {day: mon}}, people: [{person: ana}, {person: ben}]}]}
        ",
            &[],
        );
    }
}
