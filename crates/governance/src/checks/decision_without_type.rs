//! A proposed decision has a type.

use diag::{Code, Diagnostic, RuleInfo, Severity};
use playbook::{Check, Resource, Rule};

use super::at;
use crate::kinds::{Decision, Status};

/// A proposed decision has a type.
pub(super) static RULE: Rule = Rule {
    info: RuleInfo {
        code: Code("GOV009"),
        name: "decision-without-type",
        severity: Severity::Warning,
        summary: "A proposed decision has a type.",
        page: PAGE,
    },
    check: Check::Each(check),
};

const PAGE: &str = r#"The type says who must agree. Without one nobody can be asked, and nobody can accept it. Records that were accepted long
ago may stay as they are.

Fails:

```markdown
<!-- decisions/0001-a.md -->
---
status: proposed
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
decision-makers: [ana]
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
    let is_open = matches!(status.value, Status::Proposed | Status::Consulted);
    if is_open && decision.decision_type.is_none() {
        let message = format!("`{}` is {} and has no type", resource.id, status.value);
        findings.push(
            at(&RULE, decision, status.span, message)
                .why("nobody knows who must agree")
                .hint("write `type: <decision type>` into the front matter"),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::vocabulary::TRIAL;

    #[test]
    fn a_proposal_without_type_is_found() {
        TRIAL.finds(
            &RULE,
            r#"decisions/0001-a.md: {status: proposed} | # A\n\n## Context and Problem Statement\n\nX.\n\n## Decision Outcome\n\nY."#,
            &[("proposed", "`decision/0001-a` is proposed and has no type")],
        );
    }

    #[test]
    fn typed_and_old_ones_are_right() {
        TRIAL.finds(
            &RULE,
            r#"Seat/net: {owns: x}
             DecisionType/b: {scope: x, primaries: [net]}
             decisions/0001-a.md: {status: proposed, type: b} | # A\n\n## Context and Problem Statement\n\nX.\n\n## Decision Outcome\n\nY.
             decisions/0002-a.md: {status: accepted, decision-makers: [ana]} | # A\n\n## Context and Problem Statement\n\nX.\n\n## Decision Outcome\n\nY."#,
            &[],
        );
    }
}
