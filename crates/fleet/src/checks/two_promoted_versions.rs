//! At most one version of an image is promoted.

use std::collections::BTreeMap;

use diag::{Code, Diagnostic, RuleInfo, Severity};
use playbook::{Check, Facts, Model, Rule};

use crate::kinds::{Channel, ImageVersion};

/// At most one version of an image is promoted.
pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        code: Code("FLT002"),
        name: "two-promoted-versions",
        severity: Severity::Error,
        summary: "At most one version of an image is promoted.",
        page: PAGE,
    },
    check: Check::Whole(check),
};

const PAGE: &str = r#"New machines get the promoted version. With two of them, which one a machine gets depends on who asks.

Fails:

```yaml
apiVersion: council/v1
kind: Image
metadata: {name: base}
spec: {distribution: debian}
---
apiVersion: council/v1
kind: ImageVersion
metadata: {name: base-1}
spec: {image: base, version: "1", channel: promoted}
---
apiVersion: council/v1
kind: ImageVersion
metadata: {name: base-2}
spec: {image: base, version: "2", channel: promoted}
```

Mended:

```yaml
apiVersion: council/v1
kind: Image
metadata: {name: base}
spec: {distribution: debian}
---
apiVersion: council/v1
kind: ImageVersion
metadata: {name: base-1}
spec: {image: base, version: "1", channel: deprecated}
---
apiVersion: council/v1
kind: ImageVersion
metadata: {name: base-2}
spec: {image: base, version: "2", channel: promoted}
```
"#;

fn check(model: &Model, _: &Facts, findings: &mut Vec<Diagnostic>) {
    let mut promoted = BTreeMap::new();
    for version in model.all::<ImageVersion>() {
        if version.spec.channel.value != Channel::Promoted {
            continue;
        }
        let Some(first) = promoted.insert(version.spec.image.name(), version) else { continue };
        let message = format!("`{}` of this image is promoted already", first.name());
        findings.push(
            Diagnostic::new(&RULE.info, version.resource.at(version.spec.channel.span), message)
                .why("new machines get the promoted version")
                .hint("move the older one to `deprecated`")
                .related(first.resource.at(first.spec.channel.span), "promoted here")
                .subject(version.resource.id.to_string()),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::vocabulary::TRIAL;

    #[test]
    fn a_second_promoted_version_is_found() {
        TRIAL.finds(
            &RULE,
            r#"
            Image/i: {distribution: debian}
            ImageVersion/a: {image: i, version: "1", channel: promoted}
            ImageVersion/b: {image: i, version: "2", channel: promoted}
        "#,
            &[("promoted", "`a` of this image is promoted already")],
        );
    }

    #[test]
    fn one_promoted_version_of_each_image_is_right() {
        TRIAL.finds(
            &RULE,
            r#"
            Image/i: {distribution: debian}
            Image/j: {distribution: ubuntu}
            ImageVersion/a: {image: i, version: "1", channel: promoted}
            ImageVersion/b: {image: j, version: "2", channel: promoted}
            ImageVersion/c: {image: j, version: "3", channel: tested}
        "#,
            &[],
        );
    }
}
