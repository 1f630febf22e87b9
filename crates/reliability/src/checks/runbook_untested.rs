//! A runbook was found right by somebody.

use diag::{Code, Diagnostic, Place, RuleInfo, Severity};
use playbook::{Check, Facts, Model, Rule};

use crate::kinds::Runbook;

/// A runbook was found right by somebody.
pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        code: Code("REL032"),
        name: "runbook-untested",
        severity: Severity::Note,
        summary: "A runbook was found right by somebody.",
        page: PAGE,
    },
    check: Check::Whole(check),
};

const PAGE: &str = r##"A runbook that nobody ever went through is a guess. It says so until somebody has: by a day in `verified`, or by a run that council has on record.

Fails:

```markdown
<!-- runbooks/slow.md -->
---
runbook: It is slow.
---
# It is slow

Look.
```

Mended:

```markdown
<!-- runbooks/slow.md -->
---
runbook: It is slow.
verified: 2026-11-02
stale_after: 36500d
---
# It is slow

Look.
```
"##;

fn check(model: &Model, _: &Facts, findings: &mut Vec<Diagnostic>) {
    for book in model.all::<Runbook>().filter(|book| book.spec.verified.is_none()) {
        let message = format!("nobody has said that \"{}\" was found right", book.title());
        let place = Place::new(book.resource.place.file.clone(), book.spec.runbook.span);
        findings.push(
            Diagnostic::new(&RULE.info, place, message)
                .why("what nobody ever went through is a guess")
                .hint(format!(
                    "go through it with `council runbook run {}`, and write the day as `verified`",
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
    fn a_guess_is_found() {
        TRIAL.finds(
            &RULE,
            "runbooks/slow.md: {runbook: It is slow.} | # Slow\\n\\nLook.",
            &[("It is slow.", "nobody has said that \"Slow\" was found right")],
        );
    }

    #[test]
    fn what_somebody_went_through_is_right() {
        TRIAL.finds(
            &RULE,
            "runbooks/slow.md: {runbook: It is slow., verified: 2026-11-02} | # Slow\\n\\nLook.",
            &[],
        );
    }
}
