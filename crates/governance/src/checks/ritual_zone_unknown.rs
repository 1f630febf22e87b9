//! The time zone of a ritual exists.

use diag::{Code, Diagnostic, RuleInfo, Severity};
use jiff::tz::TimeZone;
use playbook::{Check, Resource, Rule};

use super::at;
use crate::kinds::Ritual;

/// The time zone of a ritual exists.
pub(super) static RULE: Rule = Rule {
    info: RuleInfo {
        code: Code("GOV023"),
        name: "ritual-zone-unknown",
        severity: Severity::Error,
        summary: "The time zone of a ritual exists.",
        page: PAGE,
    },
    check: Check::Each(check),
};

const PAGE: &str = r#"Calendars need a zone that they know. Zones have names such as `Europe/Berlin`; `CET` or `GMT+1` do not know when clocks
change.

Fails:

```yaml
apiVersion: council/v1
kind: Ritual
metadata: {name: sync}
spec: {goal: x, trigger: An incident., time_zone: Europe/Bonn}
```

Mended:

```yaml
apiVersion: council/v1
kind: Ritual
metadata: {name: sync}
spec: {goal: x, trigger: An incident., time_zone: Europe/Berlin}
```
"#;

fn check(resource: &Resource, findings: &mut Vec<Diagnostic>) {
    let Some(ritual) = resource.typed::<Ritual>() else { return };
    let Some(zone) = ritual.spec.time_zone.as_ref() else { return };
    if TimeZone::get(zone).is_err() {
        findings.push(
            at(&RULE, ritual, zone.span, format!("{} is no time zone", diag::words::quote(zone)))
                .why("nobody would know at which moment the meeting begins")
                .hint(
                    "write a name such as `Europe/Berlin`, or leave it out for the organization's",
                ),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::vocabulary::TRIAL;

    #[test]
    fn an_unknown_zone_is_found() {
        TRIAL.finds(
            &RULE,
            "Ritual/a: {goal: x, trigger: An incident., time_zone: Europe/Bonn}",
            &[("Europe/Bonn", "`Europe/Bonn` is no time zone")],
        );
    }

    #[test]
    fn a_known_zone_is_right() {
        TRIAL.finds(
            &RULE,
            "Ritual/a: {goal: x, trigger: An incident., time_zone: Asia/Kathmandu}",
            &[],
        );
    }
}
