//! A runbook is verified again before it is stale.

use diag::{Code, Diagnostic, Place, RuleInfo, Severity};
use playbook::{Check, Facts, Model, Rule};

use crate::kinds::Runbook;

/// A runbook is verified again before it is stale.
pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        code: Code("REL031"),
        name: "runbook-stale",
        severity: Severity::Warning,
        summary: "A runbook is verified again before it is stale.",
        page: PAGE,
    },
    check: Check::Whole(check),
};

const PAGE: &str = r##"What counts is when somebody last went through it and found it right, not when somebody last edited it. A run that succeeds shows the same, and council's pages know of it; the file is what can be checked everywhere.

Fails:

```markdown
<!-- runbooks/slow.md -->
---
runbook: It is slow.
verified: 2020-01-01
stale_after: 90d
---
# It is slow

Look.
```

Mended:

```markdown
<!-- runbooks/slow.md -->
---
runbook: It is slow.
verified: 2020-01-01
stale_after: 36500d
---
# It is slow

Look.
```
"##;

fn check(model: &Model, facts: &Facts, findings: &mut Vec<Diagnostic>) {
    for book in model.all::<Runbook>() {
        let Some(verified) = &book.spec.verified else { continue };
        if book.spec.stale_on(verified.value).is_none_or(|day| day > facts.today) {
            continue;
        }
        let message = format!("\"{}\" was last verified on {}", book.title(), verified.value);
        let place = Place::new(book.resource.place.file.clone(), verified.span);
        findings.push(
            Diagnostic::new(&RULE.info, place, message)
                .why("what helped then may no longer work")
                .hint(format!(
                    "go through it with `council runbook run {}`, and set `verified` to that day",
                    book.name()
                ))
                .subject(book.resource.id.to_string()),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::vocabulary::TRIAL;

    #[test]
    fn what_was_right_long_ago_is_found() {
        TRIAL.finds(
            &RULE,
            "runbooks/slow.md: {runbook: It is slow., verified: 2026-08-24, stale_after: 90d} | # Slow\\n\\nLook.",
            &[("2026-08-24", "\"Slow\" was last verified on 2026-08-24")],
        );
    }

    #[test]
    fn the_last_day_still_counts() {
        TRIAL.finds(
            &RULE,
            "runbooks/slow.md: {runbook: It is slow., verified: 2026-08-25, stale_after: 90d} | # Slow\\n\\nLook.",
            &[],
        );
    }
}
