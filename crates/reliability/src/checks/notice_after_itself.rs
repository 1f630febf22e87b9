//! A notice duty that follows another ends at one that does not.

use diag::{Code, Diagnostic, RuleInfo, Severity};
use playbook::{Check, Facts, Model, Rule};

use crate::kinds::{NoticeDuty, Since};

/// A notice duty that follows another ends at one that does not.
pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        code: Code("REL021"),
        name: "notice-after-itself",
        severity: Severity::Error,
        summary: "A notice duty that follows another ends at one that does not.",
        page: PAGE,
    },
    check: Check::Whole(check),
};

const PAGE: &str = r#"A time limit that begins when its own notice was sent never begins.

Fails:

```yaml
apiVersion: council/v1
kind: NoticeDuty
metadata: {name: final}
spec: {law: x, source: x, to: x, within: {months: 1}, since: {notice: final}}
```

Mended:

```yaml
apiVersion: council/v1
kind: NoticeDuty
metadata: {name: first}
spec: {law: x, source: x, to: x, within: {hours: 72}, since: aware}
---
apiVersion: council/v1
kind: NoticeDuty
metadata: {name: final}
spec: {law: x, source: x, to: x, within: {months: 1}, since: {notice: first}}
```
"#;

fn check(model: &Model, _: &Facts, findings: &mut Vec<Diagnostic>) {
    for duty in model.all::<NoticeDuty>() {
        let Since::Notice(first) = &duty.since else { continue };
        let mut at = model.follow(first);
        // As many steps as there are duties; a chain that is longer goes round.
        let steps = model.all::<NoticeDuty>().count();
        let mut left = steps;
        while let (Some(found), 1..) = (at, left) {
            left -= 1;
            at = match &found.spec.since {
                Since::Aware => None,
                Since::Notice(next) => model.follow(next),
            };
        }
        if at.is_some() {
            let message = format!("`{}` waits for itself", duty.resource.id);
            findings.push(
                Diagnostic::new(&RULE.info, duty.resource.at(first.span()), message)
                    .why("its time would never begin")
                    .hint("let the first of them begin when we became aware: `since: aware`")
                    .subject(duty.resource.id.to_string()),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::vocabulary::TRIAL;

    #[test]
    fn a_circle_is_found() {
        TRIAL.finds(
            &RULE,
            "
            NoticeDuty/a: {law: x, source: x, to: x, within: {hours: 1}, since: {notice: b}}
            NoticeDuty/b: {law: x, source: x, to: x, within: {hours: 1}, since: {notice: a}}
        ",
            &[("b", "`notice-duty/a` waits for itself"), ("a", "`notice-duty/b` waits for itself")],
        );
    }

    #[test]
    fn a_chain_with_a_beginning_is_right() {
        TRIAL.finds(
            &RULE,
            "
            NoticeDuty/a: {law: x, source: x, to: x, within: {hours: 1}, since: aware}
            NoticeDuty/b: {law: x, source: x, to: x, within: {hours: 1}, since: {notice: a}}
        ",
            &[],
        );
    }
}
