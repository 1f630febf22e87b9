//! An accepted decision names who decided.

use diag::{Code, Diagnostic, RuleInfo, Severity};
use playbook::{Check, Resource, Rule};

use super::at;
use crate::kinds::{Decision, Status};

/// An accepted decision names who decided.
pub(super) static RULE: Rule = Rule {
    info: RuleInfo {
        code: Code("GOV016"),
        name: "accepted-by-nobody",
        severity: Severity::Warning,
        summary: "An accepted decision names who decided.",
        page: PAGE,
    },
    check: Check::Each(check),
};

const PAGE: &str = r#"The record knows the votes of decisions that were taken here; a file that was accepted elsewhere must say by whom, or
nobody can be asked why.

Fails:

```markdown
<!-- decisions/0001-a.md -->
---
status: accepted
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
decision-makers: [ana, ben]
---
# A

## Context and Problem Statement

X.

## Decision Outcome

Y.
```
"#;

fn check(resource: &Resource, findings: &mut Vec<Diagnostic>) {
    let Some(decision) = resource.typed::<Decision>() else { return };
    let Some(status) = decision.spec.status.as_ref() else { return };
    let by_vote = decision.decision_type.is_some();
    if status.value == Status::Accepted && decision.decision_makers.is_empty() && !by_vote {
        findings.push(
            at(&RULE, decision, status.span, format!("`{}` was accepted by nobody", resource.id))
                .why("nobody can be asked why")
                .hint("write `decision-makers: [...]`, or `type:` when the council voted on it"),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::vocabulary::TRIAL;

    #[test]
    fn acceptance_by_nobody_is_found() {
        TRIAL.finds(
            &RULE,
            r#"decisions/0001-a.md: {status: accepted} | # A\n\n## Context and Problem Statement\n\nX.\n\n## Decision Outcome\n\nY."#,
            &[("accepted", "`decision/0001-a` was accepted by nobody")],
        );
    }

    #[test]
    fn makers_or_a_type_are_enough() {
        TRIAL.finds(
            &RULE,
            r#"Seat/net: {owns: x}
             DecisionType/b: {scope: x, primaries: [net]}
             decisions/0001-a.md: {status: accepted, decision-makers: [ana]} | # A\n\n## Context and Problem Statement\n\nX.\n\n## Decision Outcome\n\nY.
             decisions/0002-b.md: {status: accepted, type: b} | # A\n\n## Context and Problem Statement\n\nX.\n\n## Decision Outcome\n\nY."#,
            &[],
        );
    }
}
