//! The public holidays of every place named are known.

use diag::{Code, Diagnostic, RuleInfo, Severity};
use playbook::{Check, Resource, Rule};

use super::at;
use crate::holidays;
use crate::kinds::Organization;
use crate::suggest;

/// The public holidays of every place named are known.
pub(super) static RULE: Rule = Rule {
    info: RuleInfo {
        code: Code("ORG013"),
        name: "holidays-unknown",
        severity: Severity::Error,
        summary: "The public holidays of every place named are known.",
        page: PAGE,
    },
    check: Check::Each(check),
};

const PAGE: &str = r#"Business days skip the public holidays of the places that the organization names. A code without rules would skip
nothing, and every deadline over a holiday would be wrong. Codes are those of ISO 3166: `DE`, or `DE-BE` for a part.

Fails:

```yaml
apiVersion: council/v1
kind: Organization
metadata: {name: example}
spec: {purpose: x, north_star: x, currency: EUR, time_zone: Europe/Berlin, public_holidays: [DE, DE-BER]}
```

Mended:

```yaml
apiVersion: council/v1
kind: Organization
metadata: {name: example}
spec: {purpose: x, north_star: x, currency: EUR, time_zone: Europe/Berlin, public_holidays: [DE, DE-BE]}
```
"#;

fn check(resource: &Resource, findings: &mut Vec<Diagnostic>) {
    let Some(organization) = resource.typed::<Organization>() else { return };
    for code in organization.public_holidays.iter().filter(|code| !holidays::is_known(code)) {
        let message = format!("no public holidays are known for `{}`", code.value);
        let upper = code.to_uppercase();
        let hint = if holidays::is_known(&upper) {
            format!("write `{upper}`")
        } else {
            suggest::hint(code, holidays::codes())
                .unwrap_or_else(|| "use the code of a European country, such as `DE`".to_owned())
        };
        findings.push(
            at(&RULE, organization, code.span, message)
                .why("there are rules for the EU, Iceland, Liechtenstein, Norway, Switzerland and the United Kingdom, and for parts with days of their own")
                .hint(hint),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::vocabulary::TRIAL;
    use trial::short::organization;

    #[test]
    fn unknown_places_are_found() {
        TRIAL.finds(
            &RULE,
            &organization("public_holidays: [DE, DE-BER, UK]"),
            &[
                ("DE-BER", "no public holidays are known for `DE-BER`"),
                ("UK", "no public holidays are known for `UK`"),
            ],
        );
    }

    #[test]
    fn known_places_are_right() {
        TRIAL.finds(&RULE, &organization("public_holidays: [NO, GB-SCT, CH-ZH]"), &[]);
    }
}
