//! A supersession is written in both records.

use diag::{Code, Diagnostic, RuleInfo, Severity};
use playbook::{Check, Facts, Model, Ref, Rule, Typed};

use super::at;
use crate::kinds::{Decision, Status};
use crate::views::find_decision;

/// A supersession is written in both records.
pub(super) static RULE: Rule = Rule {
    info: RuleInfo {
        code: Code("GOV011"),
        name: "supersession-one-sided",
        severity: Severity::Error,
        summary: "A supersession is written in both records.",
        page: PAGE,
    },
    check: Check::Whole(check),
};

const PAGE: &str = r#"Whoever reads the old record must find the new one, and the other way round. A supersession that only one of them knows is
found by half of its readers.

Fails:

```markdown
<!-- decisions/0001-a.md -->
---
status: accepted
decision-makers: ana
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

Mended:

```markdown
<!-- decisions/0001-a.md -->
---
status: superseded by 0002-b
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
        if decision.file_status() == Status::Accepted {
            for link in &decision.spec.supersedes {
                forgotten_by_old(model, decision, link, findings);
            }
        }
        forgotten_by_new(model, decision, findings);
    }
}

fn forgotten_by_old(
    model: &Model,
    new: Typed<'_, Decision>,
    link: &Ref<Decision>,
    findings: &mut Vec<Diagnostic>,
) {
    let Some(old) = model.follow(link) else { return };
    let named = old.successor().and_then(|(name, _)| find_decision(model, &name));
    if named.is_some_and(|named| named.name() == new.name()) {
        return;
    }
    let (new_name, old_name) = (new.name(), old.name());
    findings.push(
        at(
            &RULE,
            new,
            link.span(),
            format!("`decision/{old_name}` does not say that it is superseded by this one"),
        )
        .why("whoever reads the old record would take it for current")
        .hint(format!("write `status: superseded by {new_name}` into the other record"))
        .related(old.resource.place.clone(), "the old record"),
    );
}

fn forgotten_by_new(model: &Model, old: Typed<'_, Decision>, findings: &mut Vec<Diagnostic>) {
    let Some((name, span)) = old.successor() else { return };
    let Some(new) = find_decision(model, &name) else { return };
    if new.supersedes.iter().any(|link| link.name() == old.name()) {
        return;
    }
    let (new_name, old_name) = (new.name(), old.name());
    findings.push(
        at(
            &RULE,
            old,
            span,
            format!("`decision/{new_name}` does not say that it supersedes this one"),
        )
        .why("whoever reads the new record would not know what it replaced")
        .hint(format!("write `supersedes: [{old_name}]` into the other record"))
        .related(new.resource.place.clone(), "the new record"),
    );
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::vocabulary::TRIAL;

    #[test]
    fn either_side_alone_is_found() {
        TRIAL.finds(
            &RULE,
            r#"decisions/0001-a.md: {status: accepted, decision-makers: [ana]} | # A\n\n## Context and Problem Statement\n\nX.\n\n## Decision Outcome\n\nY.
             decisions/0002-b.md: {status: accepted, decision-makers: [ana], supersedes: [0001-a]} | # A\n\n## Context and Problem Statement\n\nX.\n\n## Decision Outcome\n\nY.
             decisions/0003-c.md: {status: superseded by ADR-0002} | # A\n\n## Context and Problem Statement\n\nX.\n\n## Decision Outcome\n\nY."#,
            &[
                ("0001-a", "`decision/0001-a` does not say that it is superseded by this one"),
                (
                    "superseded by ADR-0002",
                    "`decision/0002-b` does not say that it supersedes this one",
                ),
            ],
        );
    }

    #[test]
    fn both_sides_are_right_and_proposals_may_wait() {
        TRIAL.finds(
            &RULE,
            r#"decisions/0001-a.md: {status: superseded by ADR-0002} | # A\n\n## Context and Problem Statement\n\nX.\n\n## Decision Outcome\n\nY.
             decisions/0002-b.md: {status: accepted, decision-makers: [ana], supersedes: [0001-a]} | # A\n\n## Context and Problem Statement\n\nX.\n\n## Decision Outcome\n\nY.
             decisions/0003-c.md: {status: draft, supersedes: [0002-b]} | # A\n\n## Context and Problem Statement\n\nX.\n\n## Decision Outcome\n\nY."#,
            &[],
        );
    }
}
