//! A cadence is a recurrence rule that occurs.

use diag::{Code, Diagnostic, RuleInfo, Severity};
use jiff::civil::date;
use playbook::{Check, Resource, Rule};

use super::at;
use crate::cadence::Cadence;
use crate::kinds::Ritual;

/// A cadence is a recurrence rule that occurs.
pub(super) static RULE: Rule = Rule {
    info: RuleInfo {
        code: Code("GOV018"),
        name: "cadence-never-occurs",
        severity: Severity::Error,
        summary: "A cadence is a recurrence rule that occurs.",
        page: PAGE,
    },
    check: Check::Each(check),
};

const PAGE: &str = r#"A ritual with a rule that nobody understands, or that falls on no day, never happens, and nobody notices.

Fails:

```yaml
apiVersion: council/v1
kind: Ritual
metadata: {name: sync}
spec: {goal: x, cadence: every Tuesday}
```

Mended:

```yaml
apiVersion: council/v1
kind: Ritual
metadata: {name: sync}
spec: {goal: x, cadence: FREQ=WEEKLY;BYDAY=TU}
```
"#;

fn check(resource: &Resource, findings: &mut Vec<Diagnostic>) {
    let Some(ritual) = resource.typed::<Ritual>() else { return };
    let Some(rule) = ritual.spec.cadence.as_ref() else { return };
    let starts = ritual.starts.as_ref().map_or(date(2024, 1, 1), |day| day.value);
    let message = match Cadence::parse(rule, starts) {
        Err(error) => format!("{} is no recurrence rule: {error}", diag::words::quote(rule)),
        Ok(cadence) if cadence.days().next().is_none() => {
            format!("{} falls on no day", diag::words::quote(rule))
        }
        Ok(_) => return,
    };
    findings.push(at(&RULE, ritual, rule.span, message).why("the ritual would never happen").hint(
        "write a rule of RFC 5545, such as `FREQ=WEEKLY;BYDAY=TU` or `FREQ=MONTHLY;BYDAY=1TH`",
    ));
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::vocabulary::TRIAL;

    #[test]
    fn nonsense_and_never_are_found() {
        TRIAL.finds(
            &RULE,
            "Ritual/a: {goal: x, cadence: FREQ=HOURLY}
             Ritual/b: {goal: x, cadence: FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30}",
            &[
                (
                    "FREQ=HOURLY",
                    "`FREQ=HOURLY` is no recurrence rule: `HOURLY` is too often: a ritual happens once a day at most",
                ),
                (
                    "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
                    "`FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30` falls on no day",
                ),
            ],
        );
    }

    #[test]
    fn usual_rules_are_right() {
        TRIAL.finds(
            &RULE,
            "Ritual/a: {goal: x, cadence: FREQ=MONTHLY;BYDAY=1TH}
             Ritual/b: {goal: x, trigger: An incident.}",
            &[],
        );
    }
}
