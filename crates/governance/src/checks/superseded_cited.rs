//! Nothing builds on a decision that was superseded.

use std::collections::BTreeMap;

use diag::{Code, Diagnostic, RuleInfo, Severity};
use playbook::{Check, Facts, Kind as _, Model, Resource, Rule, Typed};

use crate::kinds::{Decision, Status};

/// Nothing builds on a decision that was superseded.
pub(super) static RULE: Rule = Rule {
    info: RuleInfo {
        code: Code("GOV010"),
        name: "superseded-cited",
        severity: Severity::Error,
        summary: "Nothing builds on a decision that was superseded.",
        page: PAGE,
    },
    check: Check::Whole(check),
};

const PAGE: &str = r#"Whoever reads a reference takes what it points at for current. A decision that was superseded is history; its successor is
what counts.

Fails:

```markdown
<!-- decisions/0001-a.md -->
---
status: superseded by 0002-b
superseded_by: 0002-b
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
<!-- decisions/0003-c.md -->
---
status: accepted
decision-makers: ana
builds_on: [0001-a]
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
superseded_by: 0002-b
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
<!-- decisions/0003-c.md -->
---
status: accepted
decision-makers: ana
builds_on: [0002-b]
---
# A

## Context and Problem Statement

X.

## Decision Outcome

Y.
```
"#;

fn check(model: &Model, _: &Facts, findings: &mut Vec<Diagnostic>) {
    let superseded: BTreeMap<&str, Typed<'_, Decision>> = model
        .all::<Decision>()
        .filter(|decision| matches!(decision.file_status(), Status::Superseded { .. }))
        .map(|decision| (decision.name(), decision))
        .collect();
    if superseded.is_empty() {
        return;
    }
    for resource in model.resources().filter(|resource| !is_history(resource)) {
        let decisions =
            resource.uses.iter().filter(|used| used.slug.as_deref() == Some(Decision::SLUG));
        for used in decisions {
            let Some(old) = superseded.get(&*used.name) else { continue };
            if is_supersession(resource, used.span) {
                continue;
            }
            let successor = old.successor().map(|(name, _)| name);
            let message = format!("`decision/{}` was superseded and is not current", used.name);
            let hint = match successor {
                Some(name) => format!("refer to its successor, `decision/{name}`"),
                None => "refer to what replaced it".to_owned(),
            };
            findings.push(
                Diagnostic::new(&RULE.info, resource.at(used.span), message)
                    .subject(resource.id.to_string())
                    .why("what is cited counts as current")
                    .hint(hint)
                    .related(old.resource.place.clone(), "superseded here"),
            );
        }
    }
}

/// What is history itself may cite history.
fn is_history(resource: &Resource) -> bool {
    resource.typed::<Decision>().is_some_and(|decision| {
        !matches!(
            decision.file_status(),
            Status::Draft | Status::Proposed | Status::Consulted | Status::Accepted
        )
    })
}

/// Naming what one supersedes is no citation.
fn is_supersession(resource: &Resource, span: diag::Span) -> bool {
    resource.typed::<Decision>().is_some_and(|decision| {
        let links = decision.spec.supersedes.iter().chain(&decision.spec.superseded_by);
        links.map(|link| link.span()).any(|link| link == span)
    })
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::vocabulary::TRIAL;

    #[test]
    fn a_citation_is_found_with_its_successor() {
        TRIAL.finds(
            &RULE,
            r#"decisions/0001-a.md: {status: superseded by [ADR](0002-b.md)} | # A\n\n## Context and Problem Statement\n\nX.\n\n## Decision Outcome\n\nY.
             decisions/0002-b.md: {status: accepted, decision-makers: [ana], supersedes: [0001-a]} | # A\n\n## Context and Problem Statement\n\nX.\n\n## Decision Outcome\n\nY.
             decisions/0003-c.md: {status: accepted, decision-makers: [ana], builds_on: [0001-a]} | # A\n\n## Context and Problem Statement\n\nX.\n\n## Decision Outcome\n\nY."#,
            &[("0001-a", "`decision/0001-a` was superseded and is not current")],
        );
    }

    #[test]
    fn the_successor_and_history_may_name_it() {
        TRIAL.finds(
            &RULE,
            r#"decisions/0001-a.md: {status: superseded by 0002-b} | # A\n\n## Context and Problem Statement\n\nX.\n\n## Decision Outcome\n\nY.
             decisions/0002-b.md: {status: accepted, decision-makers: [ana], supersedes: [0001-a], builds_on: []} | # A\n\n## Context and Problem Statement\n\nX.\n\n## Decision Outcome\n\nY.
             decisions/0003-c.md: {status: rejected, builds_on: [0001-a]} | # A\n\n## Context and Problem Statement\n\nX.\n\n## Decision Outcome\n\nY."#,
            &[],
        );
    }
}
