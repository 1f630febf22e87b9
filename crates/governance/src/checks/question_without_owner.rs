//! An open question has an owner.

use diag::{Code, Diagnostic, RuleInfo, Severity};
use playbook::{Check, Facts, Model, Rule};

use super::on;
use crate::kinds::Question;
use crate::record::State;

/// An open question has an owner.
pub(super) static RULE: Rule = Rule {
    info: RuleInfo {
        code: Code("GOV024"),
        name: "question-without-owner",
        severity: Severity::Warning,
        summary: "An open question has an owner.",
        page: PAGE,
    },
    check: Check::Whole(check),
};

const PAGE: &str = r#"A question that is everybody's is nobody's: it comes back on every agenda and never gets an answer.

Fails:

```yaml
apiVersion: council/v1
kind: Question
metadata: {name: logs}
spec: {due: 2999-01-31}
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

fn check(model: &Model, _: &Facts, findings: &mut Vec<Diagnostic>) {
    let record = State::default();
    for question in model.all::<Question>() {
        if question.owner.is_none() && record.answer_of(model, question.name()).is_none() {
            findings.push(
                on(&RULE, question, format!("nobody owns the question \"{}\"", question.title()))
                    .why("nobody brings it to an answer")
                    .hint("write `owner:` with the seat that does"),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::vocabulary::TRIAL;

    #[test]
    fn a_question_of_nobody_is_found() {
        TRIAL.finds(&RULE, "Question/logs: {}", &[("logs", r#"nobody owns the question "logs""#)]);
    }

    #[test]
    fn an_owned_or_answered_question_is_right() {
        TRIAL.finds(
            &RULE,
            r#"Seat/net: {owns: x}
             Question/logs: {owner: net}
             Question/gpus: {}
             decisions/0001-a.md: {status: accepted, decision-makers: [ana], answers: [gpus]} | # A\n\n## Context and Problem Statement\n\nX.\n\n## Decision Outcome\n\nY."#,
            &[],
        );
    }
}
