//! Business hours name each working day once, and at least one.

use std::collections::BTreeSet;

use diag::{Code, Diagnostic, RuleInfo, Severity};
use playbook::{Check, Resource, Rule};

use super::at;
use crate::kinds::Organization;

/// Business hours name each working day once, and at least one.
pub(super) static RULE: Rule = Rule {
    info: RuleInfo {
        code: Code("ORG030"),
        name: "hours-without-days",
        severity: Severity::Error,
        summary: "Business hours name each working day once, and at least one.",
        page: PAGE,
    },
    check: Check::Each(check),
};

const PAGE: &str = r#"Deadlines in business days and hours are counted on the working days. Without any, they would never come.

Fails:

```yaml
apiVersion: council/v1
kind: Organization
metadata: {name: example}
spec: {purpose: x, north_star: x, currency: EUR, time_zone: Europe/Berlin, business_hours: {days: []}}
```

Mended:

```yaml
apiVersion: council/v1
kind: Organization
metadata: {name: example}
spec: {purpose: x, north_star: x, currency: EUR, time_zone: Europe/Berlin, business_hours: {days: [mon, tue, wed, thu, fri]}}
```
"#;

fn check(resource: &Resource, findings: &mut Vec<Diagnostic>) {
    let Some(organization) = resource.typed::<Organization>() else { return };
    let days = &organization.business_hours.days;
    let distinct: BTreeSet<_> = days.iter().collect();
    let message = if days.is_empty() {
        "the business hours name no working day"
    } else if distinct.len() < days.len() {
        "the business hours name a working day twice"
    } else {
        return;
    };
    findings.push(
        at(&RULE, organization, organization.business_hours.span, message.to_owned())
            .why("deadlines are counted on working days")
            .hint("write `days: [mon, tue, wed, thu, fri]`, or leave `days` out"),
    );
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::vocabulary::TRIAL;
    use trial::short::organization;
    use trial::{excerpt, findings};

    #[test]
    fn no_day_and_a_day_twice_are_found() {
        let says = |changes: &str, message: &str| {
            let workspace = TRIAL.read(&organization(changes));
            let findings = findings(&workspace);
            let found = findings.iter().find(|finding| finding.code == RULE.info.code).unwrap();
            assert!(excerpt(&workspace, found).starts_with("{days: ["));
            assert_eq!(found.message, message);
        };
        says("business_hours: {days: []}", "the business hours name no working day");
        says("business_hours: {days: [mon, mon]}", "the business hours name a working day twice");
    }

    #[test]
    fn any_set_of_days_is_right() {
        TRIAL.finds(&RULE, &organization("business_hours: {days: [sun]}"), &[]);
        TRIAL.finds(&RULE, "", &[]);
    }
}
