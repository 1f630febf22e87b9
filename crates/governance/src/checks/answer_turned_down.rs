//! A question is answered by a decision that was not turned down.

use diag::{Code, Diagnostic, RuleInfo, Severity};
use playbook::{Check, Facts, Model, Rule};

use super::at;
use crate::kinds::{Decision, Status};
use crate::record::State;

/// A question is answered by a decision that was not turned down.
pub(super) static RULE: Rule = Rule {
    info: RuleInfo {
        code: Code("GOV026"),
        name: "answer-turned-down",
        severity: Severity::Note,
        summary: "A question is answered by a decision that was not turned down.",
        page: PAGE,
    },
    check: Check::Whole(check),
};

const PAGE: &str = r#"A rejected or withdrawn decision answers nothing: the question that it names stays open.

Fails:

```markdown
<!-- decisions/0001-a.md -->
---
status: rejected
answers: [logs]
---
# A

## Context and Problem Statement

X.

## Decision Outcome

Y.
<!-- logs.yaml -->
apiVersion: council/v1
kind: Question
metadata: {name: logs}
spec: {}
```

Mended:

```markdown
<!-- decisions/0001-a.md -->
---
status: accepted
decision-makers: ana
answers: [logs]
---
# A

## Context and Problem Statement

X.

## Decision Outcome

Y.
<!-- logs.yaml -->
apiVersion: council/v1
kind: Question
metadata: {name: logs}
spec: {}
```
"#;

fn check(model: &Model, _: &Facts, findings: &mut Vec<Diagnostic>) {
    let record = State::default();
    for decision in model.all::<Decision>() {
        let status = decision.file_status();
        if !matches!(status, Status::Rejected | Status::Withdrawn) {
            continue;
        }
        for question in &decision.spec.answers {
            if record.answer_of(model, question.name()).is_none() {
                let message = format!("`{question}` is still open: this decision is {status}");
                findings.push(
                    at(&RULE, decision, question.span(), message)
                        .why("what was turned down answers nothing")
                        .hint("propose another answer"),
                );
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::vocabulary::TRIAL;

    #[test]
    fn a_rejected_answer_is_found() {
        TRIAL.finds(
            &RULE,
            r#"Question/logs: {}
             decisions/0001-a.md: {status: rejected, answers: [logs]} | # A\n\n## Context and Problem Statement\n\nX.\n\n## Decision Outcome\n\nY."#,
            &[("logs", "`question/logs` is still open: this decision is rejected")],
        );
    }

    #[test]
    fn an_answer_elsewhere_is_right() {
        TRIAL.finds(
            &RULE,
            r#"Question/logs: {}
             decisions/0001-a.md: {status: rejected, answers: [logs]} | # A\n\n## Context and Problem Statement\n\nX.\n\n## Decision Outcome\n\nY.
             decisions/0002-b.md: {status: accepted, decision-makers: [ana], answers: [logs]} | # A\n\n## Context and Problem Statement\n\nX.\n\n## Decision Outcome\n\nY."#,
            &[],
        );
    }
}
