//! A checklist has items.

use diag::{Code, Diagnostic, RuleInfo, Severity};
use playbook::{Check, Resource, Rule};

use crate::kinds::Checklist;

/// A checklist has items.
pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        code: Code("DSK002"),
        name: "empty-checklist",
        severity: Severity::Note,
        summary: "A checklist has items.",
        page: PAGE,
    },
    check: Check::Each(check),
};

const PAGE: &str = r#"A checklist without items is a wish. Write down what was forgotten the last time.

Fails:

```yaml
apiVersion: council/v1
kind: Checklist
metadata: {name: example}
spec: {occasion: Something new goes live.}
```

Mended:

```yaml
apiVersion: council/v1
kind: Checklist
metadata: {name: example}
spec: {occasion: Something new goes live., items: [{does: Name its owner.}]}
```
"#;

fn check(resource: &Resource, findings: &mut Vec<Diagnostic>) {
    let Some(checklist) = resource.typed::<Checklist>() else { return };
    if checklist.items.is_empty() {
        let message = format!("{} is not written yet", resource.title());
        findings.push(
            Diagnostic::new(&RULE.info, resource.place.clone(), message)
                .why("nobody can tick anything off")
                .hint("write what must not be forgotten as `items`")
                .subject(resource.id.to_string()),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::vocabulary::TRIAL;

    #[test]
    fn an_empty_one_is_found() {
        TRIAL.finds(
            &RULE,
            "
            Checklist/a: {occasion: x}
        ",
            &[("a", "a is not written yet")],
        );
    }

    #[test]
    fn items_are_right() {
        TRIAL.finds(
            &RULE,
            "
            Checklist/a: {occasion: x, items: [{does: y}]}
        ",
            &[],
        );
    }
}
