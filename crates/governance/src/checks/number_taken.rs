//! A decision has a number of its own.

use std::collections::BTreeMap;

use diag::{Code, Diagnostic, RuleInfo, Severity};
use playbook::{Check, Facts, Model, Rule, Typed};

use super::on;
use crate::kinds::Decision;

/// A decision has a number of its own.
pub(super) static RULE: Rule = Rule {
    info: RuleInfo {
        code: Code("GOV017"),
        name: "number-taken",
        severity: Severity::Warning,
        summary: "A decision has a number of its own.",
        page: PAGE,
    },
    check: Check::Whole(check),
};

const PAGE: &str = r#"People speak of "decision 12". When two records have that number, they mean different things.

Fails:

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
<!-- decisions/0001-b.md -->
---
status: draft
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
---
# A

## Context and Problem Statement

X.

## Decision Outcome

Y.
```
"#;

fn check(model: &Model, _: &Facts, findings: &mut Vec<Diagnostic>) {
    let mut taken: BTreeMap<u64, Typed<'_, Decision>> = BTreeMap::new();
    for decision in model.all::<Decision>() {
        let digits = decision.name().split('-').next().unwrap_or_default();
        let Ok(number) = digits.parse::<u64>() else { continue };
        match taken.get(&number) {
            Some(first) => findings.push(
                on(
                    &RULE,
                    decision,
                    format!("the number {number} is taken by `{}`", first.resource.id),
                )
                .why("people speak of decisions by their number")
                .hint("give this one the next free number")
                .related(first.resource.place.clone(), "the first with this number"),
            ),
            None => {
                taken.insert(number, decision);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::vocabulary::TRIAL;

    #[test]
    fn the_second_with_a_number_is_found() {
        TRIAL.finds(
            &RULE,
            r#"decisions/0001-a.md: {status: draft} | # A\n\n## Context and Problem Statement\n\nX.\n\n## Decision Outcome\n\nY.
             decisions/1-b.md: {status: draft} | # A\n\n## Context and Problem Statement\n\nX.\n\n## Decision Outcome\n\nY."#,
            &[("@", "the number 1 is taken by `decision/0001-a`")],
        );
    }

    #[test]
    fn different_numbers_are_right() {
        TRIAL.finds(
            &RULE,
            r#"decisions/0001-a.md: {status: draft} | # A\n\n## Context and Problem Statement\n\nX.\n\n## Decision Outcome\n\nY.
             decisions/0002-b.md: {status: draft} | # A\n\n## Context and Problem Statement\n\nX.\n\n## Decision Outcome\n\nY."#,
            &[],
        );
    }
}
