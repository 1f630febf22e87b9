//! A schedule's clocks are time zones that exist.

use diag::{Code, Diagnostic, RuleInfo, Severity};
use jiff::tz::TimeZone;
use playbook::{Check, Resource, Rule};

use crate::kinds::Schedule;

/// A schedule's clocks are time zones that exist.
pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        code: Code("REL010"),
        name: "clock-unknown",
        severity: Severity::Error,
        summary: "A schedule's clocks are time zones that exist.",
        page: PAGE,
    },
    check: Check::Each(check),
};

const PAGE: &str = r#"A hand-off at 10:00 in a place that nobody knows happens never, or at the wrong hour.

Fails:

```yaml
apiVersion: council/v1
kind: Schedule
metadata: {name: first}
spec: {time_zone: Europe/Bärlin, layers: []}
```

Mended:

```yaml
apiVersion: council/v1
kind: Schedule
metadata: {name: first}
spec: {time_zone: Europe/Berlin, layers: []}
```
"#;

fn check(resource: &Resource, findings: &mut Vec<Diagnostic>) {
    let Some(schedule) = resource.typed::<Schedule>() else { return };
    let layers = schedule.layers.iter().filter_map(|layer| layer.time_zone.as_ref());
    for zone in schedule.time_zone.iter().chain(layers) {
        if TimeZone::get(zone).is_err() {
            let message = format!("`{}` is not a time zone", zone.value);
            findings.push(
                Diagnostic::new(&RULE.info, resource.at(zone.span), message)
                    .why("hand-offs happen at local times")
                    .hint("write a name of the IANA database, such as `Europe/Berlin`")
                    .subject(resource.id.to_string()),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::vocabulary::TRIAL;

    #[test]
    fn a_clock_that_nobody_knows_is_found() {
        TRIAL.finds(
            &RULE,
            "
            Schedule/a: {time_zone: Mars/Olympus, layers: [{time_zone: CET2, starts: 2026-01-05, rotation: {daily: {}}, people: []}]}
        ",
            &[("Mars/Olympus", "`Mars/Olympus` is not a time zone"), ("CET2", "`CET2` is not a time zone")],
        );
    }

    #[test]
    fn a_clock_that_exists_is_right() {
        TRIAL.finds(
            &RULE,
            "
            Schedule/a: {time_zone: America/New_York, layers: []}
        ",
            &[],
        );
    }
}
