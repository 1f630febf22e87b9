//! A decision says what it is about and what was chosen.

use diag::{Code, Diagnostic, RuleInfo, Severity};
use playbook::{Check, Resource, Rule};

use super::on;
use crate::kinds::{Decision, Status};

/// A decision says what it is about and what was chosen.
pub(super) static RULE: Rule = Rule {
    info: RuleInfo {
        code: Code("GOV015"),
        name: "decision-incomplete",
        severity: Severity::Warning,
        summary: "A decision says what it is about and what was chosen.",
        page: PAGE,
    },
    check: Check::Each(check),
};

const PAGE: &str = r#"Whoever reads a record in three years needs the problem and the outcome; without them it decides nothing. MADR calls them
"Context and Problem Statement" and "Decision Outcome".

Fails:

```markdown
<!-- decisions/0001-a.md -->
---
status: rejected
---
# A

We talked.
```

Mended:

```markdown
<!-- decisions/0001-a.md -->
---
status: rejected
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
    if decision.file_status() == Status::Draft {
        return;
    }
    let madr = &decision.madr;
    let parts = [
        (madr.context.is_none(), "Context and Problem Statement"),
        (madr.outcome.is_none(), "Decision Outcome"),
    ];
    for (_, part) in parts.iter().filter(|(missing, _)| *missing) {
        findings.push(
            on(&RULE, decision, format!("`{}` has no section \"{part}\"", resource.id))
                .why("a record without it decides nothing")
                .hint(format!("add a section `## {part}`")),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::vocabulary::TRIAL;

    #[test]
    fn missing_sections_are_found() {
        TRIAL.finds(
            &RULE,
            r#"decisions/0001-a.md: {status: rejected} | # A\n\n## Context and Problem Statement\n\nX."#,
            &[("@", r#"`decision/0001-a` has no section "Decision Outcome""#)],
        );
    }

    #[test]
    fn complete_records_and_drafts_are_right() {
        TRIAL.finds(
            &RULE,
            r#"decisions/0001-a.md: {status: rejected} | # A\n\n## Context and Problem Statement\n\nX.\n\n## Decision Outcome\n\nY.
             decisions/0002-b.md: {status: draft} | # B"#,
            &[],
        );
    }
}
