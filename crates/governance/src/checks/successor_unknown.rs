//! A superseded decision names a successor that exists.

use diag::{Code, Diagnostic, RuleInfo, Severity};
use playbook::{Check, Facts, Model, Rule};

use super::at;
use crate::kinds::{Decision, Status};
use crate::views::find_decision;

/// A superseded decision names a successor that exists.
pub(super) static RULE: Rule = Rule {
    info: RuleInfo {
        code: Code("GOV013"),
        name: "successor-unknown",
        severity: Severity::Error,
        summary: "A superseded decision names a successor that exists.",
        page: PAGE,
    },
    check: Check::Whole(check),
};

const PAGE: &str = r#"A status such as `superseded by [ADR-0012](0012-x.md)` sends its reader on. When that record does not exist, nobody knows
what counts now.

Fails:

```markdown
<!-- decisions/0001-a.md -->
---
status: superseded by [ADR-0009](0009-x.md)
---
# A

## Context and Problem Statement

X.

## Decision Outcome

Y.
```

Mended:

```markdown
<!-- decisions/0001-a.md -->
---
status: superseded by [ADR-0002](0002-b.md)
---
# A

## Context and Problem Statement

X.

## Decision Outcome

Y.
<!-- decisions/0002-b.md -->
---
status: accepted
decision-makers: ana
supersedes: [0001-a]
---
# A

## Context and Problem Statement

X.

## Decision Outcome

Y.
```
"#;

fn check(model: &Model, _: &Facts, findings: &mut Vec<Diagnostic>) {
    for decision in model.all::<Decision>() {
        let Some(status) = decision.spec.status.as_ref() else { continue };
        let message = match &status.value {
            Status::Superseded { by: Some(name) } if find_decision(model, name).is_none() => {
                format!("there is no decision `{name}`")
            }
            Status::Superseded { by: None } if decision.superseded_by.is_none() => {
                "the status does not say by what it was superseded".to_owned()
            }
            Status::Superseded { .. }
            | Status::Draft
            | Status::Proposed
            | Status::Consulted
            | Status::Accepted
            | Status::Rejected
            | Status::Withdrawn
            | Status::Deprecated
            | Status::Expired => continue,
        };
        findings.push(
            at(&RULE, decision, status.span, message)
                .why("its reader must find what counts now")
                .hint("write `superseded by [ADR-0012](0012-example.md)`, or `deprecated` when nothing replaced it"),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::vocabulary::TRIAL;

    #[test]
    fn a_missing_successor_is_found() {
        TRIAL.finds(
            &RULE,
            r#"decisions/0001-a.md: {status: superseded by 0009-x} | # A\n\n## Context and Problem Statement\n\nX.\n\n## Decision Outcome\n\nY.
             decisions/0002-b.md: {status: superseded} | # A\n\n## Context and Problem Statement\n\nX.\n\n## Decision Outcome\n\nY."#,
            &[
                ("superseded by 0009-x", "there is no decision `0009-x`"),
                ("superseded", "the status does not say by what it was superseded"),
            ],
        );
    }

    #[test]
    fn a_known_successor_is_right() {
        TRIAL.finds(
            &RULE,
            r#"decisions/0001-a.md: {status: superseded by ADR-0002} | # A\n\n## Context and Problem Statement\n\nX.\n\n## Decision Outcome\n\nY.
             decisions/0002-b.md: {status: accepted, decision-makers: [ana], supersedes: [0001-a]} | # A\n\n## Context and Problem Statement\n\nX.\n\n## Decision Outcome\n\nY."#,
            &[],
        );
    }
}
