//! An override begins and ends at times that its clock shows once.

use diag::{Code, Diagnostic, RuleInfo, Severity};
use jiff::tz::AmbiguousOffset;
use playbook::{Check, Facts, Model, Rule};

use crate::kinds::Override;
use crate::oncall::zone;

/// An override begins and ends at times that its clock shows once.
pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        code: Code("REL017"),
        name: "local-time-ambiguous",
        severity: Severity::Warning,
        summary: "An override begins and ends at times that its clock shows once.",
        page: PAGE,
    },
    check: Check::Whole(check),
};

const PAGE: &str = r#"When the clocks change, one hour of the night does not exist, or comes twice. An override that begins or ends in it is an hour off for whoever reads it the other way.

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
spec: {time_zone: Europe/Berlin, layers: []}
---
apiVersion: council/v1
kind: Override
metadata: {name: night}
spec: {schedule: first, person: ana, from: 2026-10-25T02:30:00, to: 2026-10-25T10:00:00}
```

Mended:

```yaml
apiVersion: council/v1
kind: Person
metadata: {name: ana}
spec: {joined: 2020-01-01}
---
apiVersion: council/v1
kind: Schedule
metadata: {name: first}
spec: {time_zone: Europe/Berlin, layers: []}
---
apiVersion: council/v1
kind: Override
metadata: {name: night}
spec: {schedule: first, person: ana, from: 2026-10-25T04:00:00, to: 2026-10-25T10:00:00}
```
"#;

fn check(model: &Model, _: &Facts, findings: &mut Vec<Diagnostic>) {
    for found in model.all::<Override>() {
        let Some(schedule) = model.follow(&found.spec.schedule) else { continue };
        let clock = zone(model, schedule.spec);
        for time in [&found.from, &found.to] {
            let name = clock.iana_name().unwrap_or("UTC");
            let message = match clock.to_ambiguous_timestamp(time.value).offset() {
                AmbiguousOffset::Unambiguous { .. } => continue,
                AmbiguousOffset::Gap { .. } => {
                    format!(
                        "{} does not exist in {name}: the clocks go forward; the next hour is taken",
                        time.value
                    )
                }
                AmbiguousOffset::Fold { .. } => {
                    format!(
                        "{} comes twice in {name}: the clocks go back; the first is taken",
                        time.value
                    )
                }
            };
            findings.push(
                Diagnostic::new(&RULE.info, found.resource.at(time.span), message)
                    .why("somebody will read it the other way")
                    .hint("begin or end it an hour earlier or later")
                    .subject(found.resource.id.to_string()),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::vocabulary::TRIAL;

    #[test]
    fn hours_of_the_change_of_clocks_are_found() {
        TRIAL.finds(
            &RULE,
            "
            Person/ana: {}
            Schedule/a: {time_zone: Europe/Berlin, layers: []}
            Override/x: {schedule: a, person: ana, from: 2026-03-29T02:30:00, to: 2026-10-25T02:30:00}
        ",
            &[("2026-03-29T02:30:00", "2026-03-29T02:30:00 does not exist in Europe/Berlin: the clocks go forward; the next hour is taken"), ("2026-10-25T02:30:00", "2026-10-25T02:30:00 comes twice in Europe/Berlin: the clocks go back; the first is taken")],
        );
    }

    #[test]
    fn hours_that_come_once_are_right() {
        TRIAL.finds(
            &RULE,
            "
            Person/ana: {}
            Schedule/a: {time_zone: Europe/Berlin, layers: []}
            Override/x: {schedule: a, person: ana, from: 2026-03-29T03:00:00, to: 2026-10-25T01:30:00}
        ",
            &[],
        );
    }
}
