//! An open question is answered by its due date.

use diag::{Code, Diagnostic, RuleInfo, Severity};
use playbook::{Check, Facts, Model, Rule};

use super::at;
use crate::kinds::Question;
use crate::record::State;

/// An open question is answered by its due date.
pub(super) static RULE: Rule = Rule {
    info: RuleInfo {
        code: Code("GOV025"),
        name: "question-overdue",
        severity: Severity::Warning,
        summary: "An open question is answered by its due date.",
        page: PAGE,
    },
    check: Check::Whole(check),
};

const PAGE: &str = r#"A due date that passed without an answer is a promise that was broken quietly. An accepted decision that names the question
in `answers` closes it.

Fails:

```yaml
apiVersion: council/v1
kind: Question
metadata: {name: logs}
spec: {owner: net, due: 2020-01-31}
---
apiVersion: council/v1
kind: Seat
metadata: {name: net}
spec: {owns: x}
---
apiVersion: council/v1
kind: Seat
metadata: {name: sre}
spec: {owns: x}
```

Mended:

```yaml
apiVersion: council/v1
kind: Question
metadata: {name: logs}
spec: {owner: net, due: 2999-01-31}
---
apiVersion: council/v1
kind: Seat
metadata: {name: net}
spec: {owns: x}
---
apiVersion: council/v1
kind: Seat
metadata: {name: sre}
spec: {owns: x}
```
"#;

fn check(model: &Model, facts: &Facts, findings: &mut Vec<Diagnostic>) {
    let record = State::default();
    for question in model.all::<Question>() {
        let Some(due) = question.spec.due.as_ref() else { continue };
        if due.value < facts.today && record.answer_of(model, question.name()).is_none() {
            let message = format!("the question \"{}\" was due on {}", question.title(), due.value);
            findings.push(
                at(&RULE, question, due.span, message)
                    .why("no accepted decision answers it")
                    .hint("decide it, or give it a later day and say so at the next meeting"),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::vocabulary::TRIAL;

    #[test]
    fn a_day_that_passed_is_found() {
        TRIAL.finds(
            &RULE,
            "Seat/net: {owns: x}
             Question/logs: {owner: net, due: 2026-11-22}",
            &[("2026-11-22", r#"the question "logs" was due on 2026-11-22"#)],
        );
    }

    #[test]
    fn a_day_to_come_and_an_answer_are_right() {
        TRIAL.finds(
            &RULE,
            r#"Seat/net: {owns: x}
             Question/logs: {owner: net, due: 2026-11-23}
             Question/gpus: {owner: net, due: 2026-11-22}
             decisions/0001-a.md: {status: accepted, decision-makers: [ana], answers: [gpus]} | # A\n\n## Context and Problem Statement\n\nX.\n\n## Decision Outcome\n\nY."#,
            &[],
        );
    }
}
