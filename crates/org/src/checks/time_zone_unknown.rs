//! A time zone is one of the IANA database.

use diag::{Code, Diagnostic, RuleInfo, Severity};
use jiff::tz;
use playbook::{Check, Resource, Rule, Spanned};

use crate::kinds::{Organization, Person};
use crate::suggest;

/// A time zone is one of the IANA database.
pub(super) static RULE: Rule = Rule {
    info: RuleInfo {
        code: Code("ORG011"),
        name: "time-zone-unknown",
        severity: Severity::Error,
        summary: "A time zone is one of the IANA database.",
        page: PAGE,
    },
    check: Check::Each(check),
};

const PAGE: &str = r#"Business hours, deadlines and rotations are computed on clocks. A zone is named as in the IANA database, such as
`Europe/Berlin`; abbreviations such as `CEST` are ambiguous and change twice a year.

Fails:

```yaml
apiVersion: council/v1
kind: Person
metadata: {name: ana}
spec: {time_zone: Europe/Berln}
```

Mended:

```yaml
apiVersion: council/v1
kind: Person
metadata: {name: ana}
spec: {time_zone: Europe/Berlin}
```
"#;

fn check(resource: &Resource, findings: &mut Vec<Diagnostic>) {
    let organization = resource.typed::<Organization>().map(|found| &found.spec.time_zone);
    let person = resource.typed::<Person>().and_then(|found| found.spec.time_zone.as_ref());
    for zone in organization.into_iter().chain(person).filter(|zone| !is_known(zone)) {
        let known = tz::db().available().map(|name| name.to_string());
        let hint = suggest::hint(zone, known);
        let place = resource.at(zone.span);
        findings.push(
            Diagnostic::new(&RULE.info, place, format!("`{}` is not a time zone", zone.value))
                .why("zones are named as in the IANA database")
                .hint(hint.unwrap_or_else(|| "write a name such as `Europe/Berlin`".to_owned()))
                .subject(resource.id.to_string()),
        );
    }
}

fn is_known(zone: &Spanned<String>) -> bool {
    tz::TimeZone::get(zone).is_ok()
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::vocabulary::TRIAL;
    use trial::short::organization;

    #[test]
    fn misspelt_zones_are_found() {
        let organization = organization("time_zone: Europe/Berln");
        TRIAL.finds(
            &RULE,
            &format!("{organization}\nPerson/ana: {{time_zone: CEST}}"),
            &[
                ("Europe/Berln", "`Europe/Berln` is not a time zone"),
                ("CEST", "`CEST` is not a time zone"),
            ],
        );
    }

    #[test]
    fn zones_of_the_database_are_right() {
        TRIAL.finds(
            &RULE,
            "Person/ana: {time_zone: America/Argentina/Buenos_Aires}\nPerson/b: {}",
            &[],
        );
    }
}
