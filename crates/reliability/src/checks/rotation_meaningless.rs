//! A rotation has turns, people and a length.

use diag::{Code, Diagnostic, RuleInfo, Severity};
use governance::cadence::Cadence;
use playbook::{Check, Resource, Rule};

use crate::kinds::{Layer, Rotation, Schedule};

/// A rotation has turns, people and a length.
pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        code: Code("REL011"),
        name: "rotation-meaningless",
        severity: Severity::Error,
        summary: "A rotation has turns, people and a length.",
        page: PAGE,
    },
    check: Check::Each(check),
};

const PAGE: &str = r#"A layer without people, with turns of no length or with a rule that never falls on a day puts nobody on call, and looks as if it did.

Fails:

```yaml
apiVersion: council/v1
kind: Schedule
metadata: {name: first}
spec: {layers: [{starts: 2026-01-05, rotation: {rule: FREQ=FORTNIGHTLY}, people: [{person: ana}]}]}
```

Mended:

```yaml
apiVersion: council/v1
kind: Schedule
metadata: {name: first}
spec: {layers: [{starts: 2026-01-05, rotation: {weekly: {day: mon, every: 2}}, people: [{person: ana}]}]}
```
"#;

fn check(resource: &Resource, findings: &mut Vec<Diagnostic>) {
    let Some(schedule) = resource.typed::<Schedule>() else { return };
    for layer in &schedule.layers {
        for (span, message, hint) in problems(layer) {
            findings.push(
                Diagnostic::new(&RULE.info, resource.at(span), message)
                    .why("the layer puts nobody on call, and looks as if it did")
                    .hint(hint)
                    .subject(resource.id.to_string()),
            );
        }
    }
}

/// What makes no sense in a layer: where, what, and what to do.
fn problems(layer: &Layer) -> Vec<(diag::Span, String, &'static str)> {
    let mut found = Vec::new();
    let rotation = &layer.rotation;
    match &rotation.value {
        Rotation::Daily { every: 0 } | Rotation::Weekly { every: 0, .. } => {
            let message = "a turn has no length".to_owned();
            found.push((
                rotation.span,
                message,
                "write how many days or weeks it takes, at least 1",
            ));
        }
        Rotation::Daily { .. } | Rotation::Weekly { .. } => {}
        Rotation::Rule(rule) => match Cadence::parse(rule, layer.starts.value) {
            Err(problem) => {
                found.push((rotation.span, problem, "write it like `FREQ=WEEKLY;BYDAY=MO,FR`"));
            }
            Ok(cadence) if cadence.days().next().is_none() => {
                let message = format!("`{rule}` falls on no day");
                found.push((rotation.span, message, "write it like `FREQ=WEEKLY;BYDAY=MO,FR`"));
            }
            Ok(_) => {}
        },
    }
    if layer.people.is_empty() {
        let message = "nobody takes turns in this layer".to_owned();
        found.push((
            layer.starts.span,
            message,
            "name somebody under `people`, or take the layer out",
        ));
    }
    if let Some(ends) = layer.ends.as_ref().filter(|ends| ends.value <= layer.starts.value) {
        let message = format!("the layer ends on {} before it has begun", ends.value);
        found.push((ends.span, message, "let it end after it starts"));
    }
    for member in &layer.people {
        let stays = member.joins.as_ref().zip(member.leaves.as_ref());
        if let Some((joins, leaves)) = stays.filter(|(joins, leaves)| leaves.value <= joins.value) {
            let name = member.person.name();
            let message =
                format!("`{name}` leaves on {} and joins on {}", leaves.value, joins.value);
            found.push((leaves.span, message, "let them leave after they join"));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::vocabulary::TRIAL;

    #[test]
    fn turns_that_never_come_are_found() {
        TRIAL.finds(
            &RULE,
            "
            Person/ana: {}
            Person/ben: {}
            Schedule/a: {layers: [{starts: 2026-01-05, rotation: {daily: {every: 0}}, people: [{person: ana, joins: 2026-02-01, leaves: 2026-01-01}]}]}
            Schedule/b: {layers: [{starts: 2026-01-05, ends: 2026-01-05, rotation: {rule: FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30}, people: []}]}
        ",
            &[("{daily: {every: 0}}", "a turn has no length"), ("2026-01-01", "`ana` leaves on 2026-01-01 and joins on 2026-02-01"), ("2026-01-05", "nobody takes turns in this layer"), ("2026-01-05", "the layer ends on 2026-01-05 before it has begun"), ("{rule: FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30}", "`FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30` falls on no day")],
        );
    }

    #[test]
    fn weeks_days_and_rules_are_right() {
        TRIAL.finds(
            &RULE,
            "
            Person/ana: {}
            Person/ben: {}
            Schedule/a: {layers: [{starts: 2026-01-05, rotation: {rule: FREQ=WEEKLY;BYDAY=MO}, people: [{person: ana}]}]}
        ",
            &[],
        );
    }
}
