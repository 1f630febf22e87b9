//! A core service is chosen, or names the question that is open about it.

use diag::{Code, Diagnostic, RuleInfo, Severity};
use playbook::{Check, Resource, Rule};

use crate::kinds::CoreService;

/// A core service is chosen, or names the question that is open about it.
pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        code: Code("GIT004"),
        name: "core-service-undecided",
        severity: Severity::Note,
        summary: "A core service is chosen, or names the question that is open about it.",
        page: PAGE,
    },
    check: Check::Each(check),
};

const PAGE: &str = r#"A function that everything relies on, without a tool and without anybody who looks for one, is decided by accident.

Fails:

```yaml
apiVersion: council/v1
kind: CoreService
metadata: {name: example}
spec: {function: ci-cd, candidates: [GitLab CI, Jenkins]}
```

Mended:

```yaml
apiVersion: council/v1
kind: CoreService
metadata: {name: example}
spec: {function: ci-cd, candidates: [GitLab CI, Jenkins], chosen: GitLab CI}
```
"#;

fn check(resource: &Resource, findings: &mut Vec<Diagnostic>) {
    let Some(service) = resource.typed::<CoreService>() else { return };
    if service.chosen.is_none() && service.settled_by.is_none() {
        let message = format!("nothing is chosen for {} yet", resource.title());
        findings.push(
            Diagnostic::new(&RULE.info, resource.place.clone(), message)
                .why("the whole platform relies on it")
                .hint("set `chosen`, or raise a question and name it as `settled_by`")
                .subject(resource.id.to_string()),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::vocabulary::TRIAL;

    #[test]
    fn an_open_choice_is_found() {
        TRIAL.finds(
            &RULE,
            "
            CoreService/a: {function: registry}
        ",
            &[("a", "nothing is chosen for a yet")],
        );
    }

    #[test]
    fn a_choice_or_a_question_is_right() {
        TRIAL.finds(
            &RULE,
            "
            CoreService/a: {function: registry, chosen: Harbor}
            CoreService/b: {function: secrets, settled_by: question/x}
        ",
            &[],
        );
    }
}
