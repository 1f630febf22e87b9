//! A guide stands somewhere.

use diag::{Code, Diagnostic, RuleInfo, Severity};
use playbook::{Check, Resource, Rule};

use crate::kinds::Guide;

/// A guide stands somewhere.
pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        code: Code("DSK003"),
        name: "guide-unwritten",
        severity: Severity::Note,
        summary: "A guide stands somewhere.",
        page: PAGE,
    },
    check: Check::Each(check),
};

const PAGE: &str = r#"A guide that nobody can open helps nobody.

Fails:

```yaml
apiVersion: council/v1
kind: Guide
metadata: {name: example}
spec: {purpose: Leads in.}
```

Mended:

```yaml
apiVersion: council/v1
kind: Guide
metadata: {name: example}
spec: {purpose: Leads in., path: document/start.md}
```
"#;

fn check(resource: &Resource, findings: &mut Vec<Diagnostic>) {
    let Some(guide) = resource.typed::<Guide>() else { return };
    if guide.path.is_none() && guide.url.is_none() {
        let message = format!("{} is not written yet", resource.title());
        findings.push(
            Diagnostic::new(&RULE.info, resource.place.clone(), message)
                .why("nobody can open it")
                .hint("write it, and name its `path` or `url`")
                .subject(resource.id.to_string()),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::vocabulary::TRIAL;

    #[test]
    fn one_without_a_place_is_found() {
        TRIAL.finds(
            &RULE,
            "
            Guide/a: {purpose: x}
        ",
            &[("a", "a is not written yet")],
        );
    }

    #[test]
    fn a_place_is_right() {
        TRIAL.finds(
            &RULE,
            r#"
            Guide/a: {purpose: x, path: a.md}
            Guide/b: {purpose: x, url: "https://docs.example"}
        "#,
            &[],
        );
    }
}
