//! The public holidays of a person's country are known.

use diag::{Code, Diagnostic, RuleInfo, Severity};
use playbook::{Check, Resource, Rule};

use super::at;
use crate::holidays;
use crate::kinds::Person;
use crate::suggest;

/// The public holidays of a person's country are known.
pub(super) static RULE: Rule = Rule {
    info: RuleInfo {
        code: Code("ORG034"),
        name: "country-without-holidays",
        severity: Severity::Warning,
        summary: "The public holidays of a person's country are known.",
        page: PAGE,
    },
    check: Check::Each(check),
};

const PAGE: &str = r#"Rotations and deadlines respect the public holidays of the place where somebody lives, when its rules are known. For
other places they count every weekday as a working day.

Fails:

```yaml
apiVersion: council/v1
kind: Person
metadata: {name: ana}
spec: {country: Portugal}
```

Mended:

```yaml
apiVersion: council/v1
kind: Person
metadata: {name: ana}
spec: {country: PT}
```
"#;

fn check(resource: &Resource, findings: &mut Vec<Diagnostic>) {
    let Some(person) = resource.typed::<Person>() else { return };
    let Some(code) = person.country.as_ref().filter(|code| !holidays::is_known(code)) else {
        return;
    };
    let message = format!("no public holidays are known for `{}`", code.value);
    let upper = code.to_uppercase();
    let hint = if holidays::is_known(&upper) {
        format!("write `{upper}`")
    } else {
        suggest::hint(code, holidays::codes())
            .unwrap_or_else(|| "write a code such as `PT`, or leave `country` out".to_owned())
    };
    findings.push(
        at(&RULE, person, code.span, message)
            .why("their holidays count as working days in rotations and deadlines")
            .hint(hint),
    );
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::vocabulary::TRIAL;

    #[test]
    fn a_name_and_a_far_country_are_found() {
        TRIAL.finds(
            &RULE,
            "Person/ana: {country: pt}\nPerson/ben: {country: US}",
            &[
                ("pt", "no public holidays are known for `pt`"),
                ("US", "no public holidays are known for `US`"),
            ],
        );
    }

    #[test]
    fn a_known_place_is_right() {
        TRIAL.finds(&RULE, "Person/ana: {country: AT-9}\nPerson/ben: {}", &[]);
    }
}
