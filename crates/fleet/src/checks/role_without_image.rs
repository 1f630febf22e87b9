//! A machine role has a golden image.

use diag::{Code, Diagnostic, RuleInfo, Severity};
use playbook::{Check, Resource, Rule};

use crate::kinds::Role;

/// A machine role has a golden image.
pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        code: Code("FLT003"),
        name: "role-without-image",
        severity: Severity::Note,
        summary: "A machine role has a golden image.",
        page: PAGE,
    },
    check: Check::Each(check),
};

const PAGE: &str = r#"A role says what a machine is for; the image is how it gets there. Without one, somebody installs by hand, each time a little differently.

Fails:

```yaml
apiVersion: council/v1
kind: Role
metadata: {name: example}
spec: {purpose: Run virtual machines.}
```

Mended:

```yaml
apiVersion: council/v1
kind: Role
metadata: {name: example}
spec: {purpose: Run virtual machines., image: base}
---
apiVersion: council/v1
kind: Image
metadata: {name: base}
spec: {distribution: debian}
```
"#;

fn check(resource: &Resource, findings: &mut Vec<Diagnostic>) {
    let Some(role) = resource.typed::<Role>() else { return };
    if role.image.is_none() {
        let message = format!("there is no golden image for {} yet", resource.title());
        findings.push(
            Diagnostic::new(&RULE.info, resource.place.clone(), message)
                .why("machines of the role are installed from it")
                .hint("build one and name it as `image`")
                .subject(resource.id.to_string()),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::vocabulary::TRIAL;

    #[test]
    fn a_role_without_image_is_found() {
        TRIAL.finds(
            &RULE,
            "
            Role/a: {purpose: x}
        ",
            &[("a", "there is no golden image for a yet")],
        );
    }

    #[test]
    fn a_role_with_image_is_right() {
        TRIAL.finds(
            &RULE,
            "
            Image/i: {distribution: debian}
            Role/a: {purpose: x, image: i}
        ",
            &[],
        );
    }
}
