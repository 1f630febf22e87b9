//! A decision in force is reviewed by its date.

use diag::{Code, Diagnostic, RuleInfo, Severity};
use playbook::{Check, Facts, Model, Rule};

use super::at;
use crate::kinds::{Decision, Status};

/// A decision in force is reviewed by its date.
pub(super) static RULE: Rule = Rule {
    info: RuleInfo {
        code: Code("GOV014"),
        name: "review-overdue",
        severity: Severity::Warning,
        summary: "A decision in force is reviewed by its date.",
        page: PAGE,
    },
    check: Check::Whole(check),
};

const PAGE: &str = r#"A decision with a review date asks to be looked at again. After that day it stands on every agenda until it is renewed,
superseded, or left to expire.

Fails:

```markdown
<!-- decisions/0001-a.md -->
---
status: accepted
decision-makers: ana
review_by: 2020-01-31
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
status: accepted
decision-makers: ana
review_by: 2999-01-31
---
# A

## Context and Problem Statement

X.

## Decision Outcome

Y.
```
"#;

fn check(model: &Model, facts: &Facts, findings: &mut Vec<Diagnostic>) {
    for decision in model.all::<Decision>() {
        let Some(review) = decision.spec.review_by.as_ref() else { continue };
        if review.value < facts.today && decision.file_status() == Status::Accepted {
            let message =
                format!("`{}` was to be reviewed by {}", decision.resource.id, review.value);
            findings.push(
                at(&RULE, decision, review.span, message)
                    .why("it stands on agendas until somebody has looked")
                    .hint("renew it with a later `review_by`, supersede it, or let it expire"),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::vocabulary::TRIAL;

    #[test]
    fn a_date_that_passed_is_found() {
        TRIAL.finds(
            &RULE,
            r#"decisions/0001-a.md: {status: accepted, decision-makers: [ana], review_by: 2026-11-22} | # A\n\n## Context and Problem Statement\n\nX.\n\n## Decision Outcome\n\nY."#,
            &[("2026-11-22", "`decision/0001-a` was to be reviewed by 2026-11-22")],
        );
    }

    #[test]
    fn a_date_to_come_and_a_closed_decision_are_right() {
        TRIAL.finds(
            &RULE,
            r#"decisions/0001-a.md: {status: accepted, decision-makers: [ana], review_by: 2026-11-23} | # A\n\n## Context and Problem Statement\n\nX.\n\n## Decision Outcome\n\nY.
             decisions/0002-b.md: {status: rejected, review_by: 2026-11-22} | # A\n\n## Context and Problem Statement\n\nX.\n\n## Decision Outcome\n\nY."#,
            &[],
        );
    }
}
