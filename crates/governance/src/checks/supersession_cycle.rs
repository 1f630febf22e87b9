//! No decision supersedes itself over others.

use std::collections::BTreeSet;

use diag::{Code, Diagnostic, RuleInfo, Severity};
use playbook::{Check, Facts, Model, Ref, Rule};

use super::at;
use crate::kinds::Decision;

/// No decision supersedes itself over others.
pub(super) static RULE: Rule = Rule {
    info: RuleInfo {
        code: Code("GOV012"),
        name: "supersession-cycle",
        severity: Severity::Error,
        summary: "No decision supersedes itself over others.",
        page: PAGE,
    },
    check: Check::Whole(check),
};

const PAGE: &str = r#"In a circle of supersessions every decision is history and none is current.

Fails:

```markdown
<!-- decisions/0001-a.md -->
---
status: draft
supersedes: [0002-b]
---
# A

## Context and Problem Statement

X.

## Decision Outcome

Y.
<!-- decisions/0002-b.md -->
---
status: draft
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
status: draft
---
# A

## Context and Problem Statement

X.

## Decision Outcome

Y.
<!-- decisions/0002-b.md -->
---
status: draft
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
        for link in &decision.spec.supersedes {
            if leads_back(model, link, decision.name()) {
                let message = format!("`{link}` supersedes this decision in turn");
                findings.push(
                    at(&RULE, decision, link.span(), message)
                        .why("in a circle none of them is current")
                        .hint("take out the supersession that did not happen"),
                );
            }
        }
    }
}

/// Follows supersessions from one decision; says whether they come to another one.
fn leads_back(model: &Model, from: &Ref<Decision>, to: &str) -> bool {
    let mut seen = BTreeSet::new();
    let mut next = vec![from.name()];
    while let Some(name) = next.pop() {
        if name == to {
            return true;
        }
        if seen.insert(name)
            && let Some(found) = model.get::<Decision>(name)
        {
            next.extend(found.spec.supersedes.iter().map(Ref::name));
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::vocabulary::TRIAL;

    #[test]
    fn a_circle_is_found_at_each_of_its_links() {
        TRIAL.finds(
            &RULE,
            r#"decisions/0001-a.md: {status: draft, supersedes: [0002-b]} | # A\n\n## Context and Problem Statement\n\nX.\n\n## Decision Outcome\n\nY.
             decisions/0002-b.md: {status: draft, supersedes: [0001-a]} | # A\n\n## Context and Problem Statement\n\nX.\n\n## Decision Outcome\n\nY.
             decisions/0003-c.md: {status: draft, supersedes: [0003-c]} | # A\n\n## Context and Problem Statement\n\nX.\n\n## Decision Outcome\n\nY."#,
            &[
                ("0002-b", "`decision/0002-b` supersedes this decision in turn"),
                ("0001-a", "`decision/0001-a` supersedes this decision in turn"),
                ("0003-c", "`decision/0003-c` supersedes this decision in turn"),
            ],
        );
    }

    #[test]
    fn a_chain_is_right() {
        TRIAL.finds(
            &RULE,
            r#"decisions/0001-a.md: {status: draft} | # A\n\n## Context and Problem Statement\n\nX.\n\n## Decision Outcome\n\nY.
             decisions/0002-b.md: {status: draft, supersedes: [0001-a]} | # A\n\n## Context and Problem Statement\n\nX.\n\n## Decision Outcome\n\nY.
             decisions/0003-c.md: {status: draft, supersedes: [0002-b, 0001-a]} | # A\n\n## Context and Problem Statement\n\nX.\n\n## Decision Outcome\n\nY."#,
            &[],
        );
    }
}
