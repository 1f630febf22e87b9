//! A hiring loop has stages, each once.

use std::collections::BTreeMap;

use diag::{Code, Diagnostic, RuleInfo, Severity};
use playbook::{Check, Resource, Rule};

use crate::kinds::HiringLoop;

/// A hiring loop has stages, each once.
pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        code: Code("TAL001"),
        name: "loop-without-stage",
        severity: Severity::Error,
        summary: "A hiring loop has stages, each once.",
        page: PAGE,
    },
    check: Check::Each(check),
};

const PAGE: &str = r#"A loop without a conversation hires at random; the same conversation twice wastes the candidate's day.

Fails:

```yaml
apiVersion: council/v1
kind: HiringLoop
metadata: {name: standard}
spec: {stages: []}
```

Mended:

```yaml
apiVersion: council/v1
kind: HiringLoop
metadata: {name: standard}
spec: {stages: [{title: Introduction}]}
```
"#;

fn check(resource: &Resource, findings: &mut Vec<Diagnostic>) {
    let Some(hiring) = resource.typed::<HiringLoop>() else { return };
    if hiring.stages.is_empty() {
        let message = format!("{} has no stage", resource.title());
        findings.push(
            Diagnostic::new(&RULE.info, resource.place.clone(), message)
                .why("nobody would talk to the candidate")
                .hint("write the conversations, in order, as `stages`")
                .subject(resource.id.to_string()),
        );
    }
    let mut seen = BTreeMap::new();
    for stage in &hiring.stages {
        let Some(first) = seen.insert(stage.title.as_str(), stage.title.span) else { continue };
        let message = format!("the stage `{}` stands here twice", stage.title.value);
        findings.push(
            Diagnostic::new(&RULE.info, resource.at(stage.title.span), message)
                .why("a candidate has each conversation once")
                .hint("remove one of them, or say what is different about it")
                .related(resource.at(first), "first here")
                .subject(resource.id.to_string()),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::vocabulary::TRIAL;

    #[test]
    fn no_stage_and_the_same_one_twice_are_found() {
        TRIAL.finds(
            &RULE,
            "
            HiringLoop/a: {stages: []}
            HiringLoop/b: {stages: [{title: Talk}, {title: Talk}]}
        ",
            &[("a", "a has no stage"), ("Talk", "the stage `Talk` stands here twice")],
        );
    }

    #[test]
    fn different_stages_are_right() {
        TRIAL.finds(
            &RULE,
            "
            HiringLoop/a: {stages: [{title: Talk}, {title: Design}]}
        ",
            &[],
        );
    }
}
