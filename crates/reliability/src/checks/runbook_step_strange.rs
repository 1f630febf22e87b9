//! The steps of a runbook can be run as they stand.

use diag::{Code, Diagnostic, Place, RuleInfo, Severity};
use playbook::{Check, Facts, Model, Rule};

use crate::kinds::Runbook;

/// The steps of a runbook can be run as they stand.
pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        code: Code("REL033"),
        name: "runbook-step-strange",
        severity: Severity::Error,
        summary: "The steps of a runbook can be run as they stand.",
        page: PAGE,
    },
    check: Check::Whole(check),
};

const PAGE: &str = r##"A word behind `step` that says nothing was meant to say something: `confrim` asks nobody before it destroys. A parameter is a variable of the shell, so its name is small letters, digits and `_`, and stands once.

Fails:

```markdown
<!-- runbooks/slow.md -->
---
runbook: It is slow.
verified: 2026-11-02
stale_after: 36500d
---
# It is slow

~~~sh council step confrim
echo well
~~~
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

~~~sh council step confirm
echo well
~~~
```
"##;

fn check(model: &Model, _: &Facts, findings: &mut Vec<Diagnostic>) {
    for book in model.all::<Runbook>() {
        let mut report = |span, message: String, hint: &str| {
            let place = Place::new(book.resource.place.file.clone(), span);
            findings.push(
                Diagnostic::new(&RULE.info, place, message)
                    .why("it is not run before somebody has looked at this")
                    .hint(hint)
                    .subject(book.resource.id.to_string()),
            );
        };
        for fault in &book.spec.faults {
            let message = format!("step {}: {}", fault.step, fault.what);
            report(book.spec.runbook.span, message, &fault.hint);
        }
        for name in book.spec.strange_parameters() {
            let message = format!("`{}` cannot be the name of a parameter", name.value);
            report(name.span, message, "use small letters, digits and `_`, each name once");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::vocabulary::TRIAL;

    #[test]
    fn what_cannot_be_run_is_found() {
        TRIAL.finds(
            &RULE,
            "runbooks/slow.md: {runbook: It is slow., parameters: [{name: PATH, asks: Which?}]} | ~~~sh council step confrim\\ntrue\\n~~~",
            &[
                ("It is slow.", "step 1: `confrim` says nothing about a step"),
                ("PATH", "`PATH` cannot be the name of a parameter"),
            ],
        );
    }

    #[test]
    fn what_can_be_run_is_right() {
        TRIAL.finds(
            &RULE,
            "runbooks/slow.md: {runbook: It is slow., parameters: [{name: host_1, asks: Which?}]} | ~~~sh council step confirm\\ntrue\\n~~~",
            &[],
        );
    }
}
