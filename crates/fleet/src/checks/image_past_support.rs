//! No role is installed from an image whose support has ended.

use diag::{Code, Diagnostic, RuleInfo, Severity};
use playbook::{Check, Facts, Model, Rule};

use crate::kinds::{Image, Role};

/// No role is installed from an image whose support has ended.
pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        code: Code("FLT014"),
        name: "image-past-support",
        severity: Severity::Warning,
        summary: "No role is installed from an image whose support has ended.",
        page: PAGE,
    },
    check: Check::Whole(check),
};

const PAGE: &str = r#"After that day nobody mends its security holes, and every machine that is installed from it is born with them.

Fails:

```yaml
apiVersion: council/v1
kind: Role
metadata: {name: gpu}
spec: {purpose: Train models., image: old}
---
apiVersion: council/v1
kind: Image
metadata: {name: old}
spec: {distribution: debian, release: "10", supported_until: 2024-06-30}
```

Mended:

```yaml
apiVersion: council/v1
kind: Role
metadata: {name: gpu}
spec: {purpose: Train models., image: new}
---
apiVersion: council/v1
kind: Image
metadata: {name: new}
spec: {distribution: debian, release: "13", supported_until: 2030-06-30}
```
"#;

fn check(model: &Model, facts: &Facts, findings: &mut Vec<Diagnostic>) {
    for role in model.all::<Role>() {
        let Some(named) = &role.spec.image else { continue };
        let Some(image) = model.get::<Image>(named.name()) else { continue };
        let Some(until) = &image.spec.supported_until else { continue };
        if until.value < facts.today {
            let days = facts.today.duration_since(until.value).as_hours() / 24;
            let message = format!("`{}` has had no support for {days} days", image.name());
            findings.push(
                Diagnostic::new(&RULE.info, role.resource.at(named.span()), message)
                    .why("its security holes are not mended any more")
                    .hint("build the image on a release with support, and re-deploy the role")
                    .related(image.resource.at(until.span), "supported until then")
                    .subject(role.resource.id.to_string()),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::vocabulary::TRIAL;

    #[test]
    fn an_image_without_support_is_found_where_it_is_used() {
        TRIAL.finds(
            &RULE,
            "
            Image/old: {distribution: debian, supported_until: 2001-01-01}
            Image/unused: {distribution: debian, supported_until: 2001-01-01}
            Role/a: {purpose: x, image: old}
        ",
            &[("old", "`old` has had no support for 9457 days")],
        );
    }

    #[test]
    fn the_last_day_and_an_unknown_end_are_right() {
        TRIAL.finds(
            &RULE,
            "
            Image/new: {distribution: debian, supported_until: 2999-01-01}
            Image/open: {distribution: debian}
            Role/a: {purpose: x, image: new}
            Role/b: {purpose: x, image: open}
        ",
            &[],
        );
    }
}
