//! A freeze has windows that come to pass.

use diag::{Code, Diagnostic, RuleInfo, Severity};
use governance::cadence::Cadence;
use jiff::civil::date;
use playbook::{Check, Resource, Rule};

use crate::kinds::{Freeze, FreezeWindow};

/// A freeze has windows that come to pass.
pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        code: Code("GIT006"),
        name: "freeze-never",
        severity: Severity::Error,
        summary: "A freeze has windows that come to pass.",
        page: PAGE,
    },
    check: Check::Each(check),
};

const PAGE: &str = r#"A window that ends before it begins, or a rule that falls on no day, freezes nothing, and nobody notices until
something is changed that should have waited.

Fails:

```yaml
apiVersion: council/v1
kind: Freeze
metadata: {name: year-end}
spec: {reason: Nobody is here., windows: [{between: {from: 2027-01-04T08:00:00, until: 2026-12-18T15:00:00}}]}
```

Mended:

```yaml
apiVersion: council/v1
kind: Freeze
metadata: {name: year-end}
spec: {reason: Nobody is here., windows: [{between: {from: 2026-12-18T15:00:00, until: 2027-01-04T08:00:00}}]}
```
"#;

fn check(resource: &Resource, findings: &mut Vec<Diagnostic>) {
    let Some(freeze) = resource.typed::<Freeze>() else { return };
    let windows = &freeze.spec.windows;
    let mut find = |span, message: String| {
        findings.push(
            Diagnostic::new(&RULE.info, resource.at(span), message)
                .why("the freeze would hold nothing")
                .hint("say when it begins and ends, or a rule such as `FREQ=WEEKLY;BYDAY=FR`")
                .subject(resource.id.to_string()),
        );
    };
    if windows.value.is_empty() {
        find(windows.span, "it has no window".to_owned());
    }
    for window in &windows.value {
        match window {
            FreezeWindow::Between(between) if between.until <= between.from => {
                find(windows.span, format!("`{}` comes before `{}`", between.until, between.from));
            }
            FreezeWindow::Recurs(recurs) => match Cadence::parse(&recurs.rule, date(2024, 1, 1)) {
                Err(error) => {
                    find(recurs.rule.span, format!("this is no recurrence rule: {error}"));
                }
                Ok(cadence) if cadence.days().next().is_none() => {
                    find(recurs.rule.span, "the rule falls on no day".to_owned());
                }
                Ok(_) => {}
            },
            FreezeWindow::Between(_) | FreezeWindow::PublicHolidays(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::vocabulary::TRIAL;

    #[test]
    fn windows_that_never_come_are_found() {
        TRIAL.finds(
            &RULE,
            "Freeze/a: {reason: x, windows: []}
             Freeze/b: {reason: x, windows: [{recurs: {rule: FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30, at: '10:00', for: 1h}}]}
             Freeze/c: {reason: x, windows: [{recurs: {rule: fridays, at: '10:00', for: 1h}}]}",
            &[
                ("[]", "it has no window"),
                ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "the rule falls on no day"),
                (
                    "fridays",
                    "this is no recurrence rule: `fridays` has no `=`: a rule is written `FREQ=WEEKLY;BYDAY=TU`",
                ),
            ],
        );
    }

    #[test]
    fn windows_that_come_are_right() {
        TRIAL.finds(
            &RULE,
            "Freeze/a: {reason: x, windows: [{public-holidays: {}}, {recurs: {rule: FREQ=WEEKLY;BYDAY=FR, at: '10:00', for: 1h}}]}",
            &[],
        );
    }
}
