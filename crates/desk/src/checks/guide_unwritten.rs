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
    use crate::testing::found;

    #[test]
    fn one_without_a_place_is_found() {
        let findings = found(
            "DSK003",
            "
            Guide/a: {purpose: x}
        ",
        );
        assert_eq!(findings, ["a -> a is not written yet",]);
    }

    #[test]
    fn a_place_is_right() {
        let findings = found(
            "DSK003",
            r#"
            Guide/a: {purpose: x, path: a.md}
            Guide/b: {purpose: x, url: "https://docs.example"}
        "#,
        );
        assert!(findings.is_empty(), "{findings:?}");
    }
}
