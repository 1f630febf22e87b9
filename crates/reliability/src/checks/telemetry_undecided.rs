//! A telemetry tool is chosen, or names the question that is open about it.

use diag::{Code, Diagnostic, RuleInfo, Severity};
use playbook::{Check, Resource, Rule};

use crate::kinds::TelemetryTool;

/// A telemetry tool is chosen, or names the question that is open about it.
pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        code: Code("REL008"),
        name: "telemetry-undecided",
        severity: Severity::Note,
        summary: "A telemetry tool is chosen, or names the question that is open about it.",
        page: PAGE,
    },
    check: Check::Each(check),
};

const PAGE: &str = r#"Several stacks for one signal grow by themselves wherever nobody chooses one.

Fails:

```yaml
apiVersion: council/v1
kind: TelemetryTool
metadata: {name: example}
spec: {signal: logs, candidates: [Loki, ELK]}
```

Mended:

```yaml
apiVersion: council/v1
kind: TelemetryTool
metadata: {name: example}
spec: {signal: logs, candidates: [Loki, ELK], chosen: Loki}
```
"#;

fn check(resource: &Resource, findings: &mut Vec<Diagnostic>) {
    let Some(tool) = resource.typed::<TelemetryTool>() else { return };
    if !tool.optional && tool.chosen.is_none() && tool.settled_by.is_none() {
        let message = format!("nothing is chosen for {} yet", resource.title());
        findings.push(
            Diagnostic::new(&RULE.info, resource.place.clone(), message)
                .why("every team will choose its own")
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
            TelemetryTool/a: {signal: logs}
        ",
            &[("a", "nothing is chosen for a yet")],
        );
    }

    #[test]
    fn a_choice_or_a_question_is_right() {
        TRIAL.finds(
            &RULE,
            "
            TelemetryTool/a: {signal: logs, chosen: Loki}
            TelemetryTool/b: {signal: traces, settled_by: question/x}
            TelemetryTool/c: {signal: traces, optional: true}
        ",
            &[],
        );
    }
}
