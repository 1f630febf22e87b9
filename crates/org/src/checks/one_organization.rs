//! Exactly one organization.

use diag::{Code, Diagnostic, Place, RuleInfo, Severity};
use playbook::{Check, Facts, Model, Rule};

use super::on;
use crate::kinds::Organization;

/// A playbook has exactly one organization.
pub(super) static RULE: Rule = Rule {
    info: RuleInfo {
        code: Code("ORG001"),
        name: "one-organization",
        severity: Severity::Error,
        summary: "A playbook has exactly one organization.",
        page: PAGE,
    },
    check: Check::Whole(check),
};

const PAGE: &str = r#"Currency, time zone, business hours and limits are read from the organization. Without one, nothing has a
day or a price; with two, every answer depends on which file is read first.

Fails:

```yaml
apiVersion: council/v1
kind: Organization
metadata: {name: example}
spec: {purpose: x, north_star: x, currency: EUR, time_zone: Europe/Berlin}
---
apiVersion: council/v1
kind: Organization
metadata: {name: other}
spec: {purpose: x, north_star: x, currency: EUR, time_zone: Europe/Berlin}
```

Mended:

```yaml
apiVersion: council/v1
kind: Organization
metadata: {name: example}
spec: {purpose: x, north_star: x, currency: EUR, time_zone: Europe/Berlin}
```
"#;

fn check(model: &Model, _: &Facts, findings: &mut Vec<Diagnostic>) {
    let mut organizations = model.all::<Organization>();
    let Some(first) = organizations.next() else {
        // It is there, and what is wrong with it is said already.
        if model.has_broken::<Organization>() {
            return;
        }
        let place = Place::whole_file("council.yaml");
        findings.push(
            Diagnostic::new(&RULE.info, place, "the playbook names no organization")
                .why("currency, time zone and business hours are read from it")
                .hint("add a resource of `kind: Organization` to `council.yaml`"),
        );
        return;
    };
    for other in organizations {
        let message = format!("`{}` is a second organization", other.name());
        findings.push(
            on(&RULE, other, message)
                .why("a playbook is one organization's")
                .hint("merge the two, or keep two playbooks")
                .related(first.resource.place.clone(), "the first one"),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::vocabulary::TRIAL;

    #[test]
    fn a_second_organization_is_found() {
        let second = "{purpose: x, north_star: x, currency: EUR, time_zone: UTC}";
        TRIAL.finds(
            &RULE,
            &format!("Organization/a: {second}\nOrganization/b: {second}"),
            &[("b", "`b` is a second organization")],
        );
    }

    #[test]
    fn a_playbook_without_organization_is_found() {
        let workspace = TRIAL.read_text("");
        let findings = trial::findings(&workspace);
        assert!(findings.iter().any(|finding| finding.code == RULE.info.code));
    }

    #[test]
    fn an_organization_with_errors_of_its_own_is_not_missing() {
        let text = "apiVersion: council/v1\nkind: Organization\nmetadata: {name: a}\nspec: {}\n";
        let found = trial::findings(&TRIAL.read_text(text));
        assert!(found.iter().any(|finding| finding.code.0 == "PLB024"), "{found:?}");
        assert!(found.iter().all(|finding| finding.code != RULE.info.code), "{found:?}");
    }

    #[test]
    fn one_organization_is_right() {
        TRIAL.finds(&RULE, "", &[]);
    }
}
