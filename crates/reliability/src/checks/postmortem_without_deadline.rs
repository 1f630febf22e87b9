//! A postmortem has a deadline.

use diag::{Code, Diagnostic, RuleInfo, Severity};
use playbook::{Check, Resource, Rule};

use crate::kinds::PostmortemTemplate;

/// A postmortem has a deadline.
pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        code: Code("REL009"),
        name: "postmortem-without-deadline",
        severity: Severity::Note,
        summary: "A postmortem has a deadline.",
        page: PAGE,
    },
    check: Check::Each(check),
};

const PAGE: &str = r#"What is written two months later is not what happened.

Fails:

```yaml
apiVersion: council/v1
kind: PostmortemTemplate
metadata: {name: example}
spec: {blameless: true, sections: [{title: What happened}]}
```

Mended:

```yaml
apiVersion: council/v1
kind: PostmortemTemplate
metadata: {name: example}
spec: {blameless: true, due_business_days: 5, sections: [{title: What happened}]}
```
"#;

fn check(resource: &Resource, findings: &mut Vec<Diagnostic>) {
    let Some(template) = resource.typed::<PostmortemTemplate>() else { return };
    if template.due_business_days.is_none() {
        let message = format!("{} has no deadline yet", resource.title());
        findings.push(
            Diagnostic::new(&RULE.info, resource.place.clone(), message)
                .why("what is written two months later is not what happened")
                .hint("write a number of business days as `due_business_days`")
                .subject(resource.id.to_string()),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::vocabulary::TRIAL;

    #[test]
    fn silence_is_found() {
        TRIAL.finds(
            &RULE,
            "
            PostmortemTemplate/a: {blameless: true, sections: []}
        ",
            &[("a", "a has no deadline yet")],
        );
    }

    #[test]
    fn a_deadline_is_right() {
        TRIAL.finds(
            &RULE,
            "
            PostmortemTemplate/a: {blameless: true, sections: [], due_business_days: 5}
        ",
            &[],
        );
    }
}
