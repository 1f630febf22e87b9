//! One guide is the entrance to all documentation.

use diag::{Code, Diagnostic, RuleInfo, Severity};
use playbook::{Check, Facts, Model, Rule};

use crate::kinds::Guide;

/// One guide is the entrance to all documentation.
pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        code: Code("DSK001"),
        name: "two-entrances",
        severity: Severity::Error,
        summary: "One guide is the entrance to all documentation.",
        page: PAGE,
    },
    check: Check::Whole(check),
};

const PAGE: &str = r#"Two entrances are none: half of the newcomers miss what the other half finds.

Fails:

```yaml
apiVersion: council/v1
kind: Guide
metadata: {name: start}
spec: {purpose: Leads in., entrance: true, path: start.md}
---
apiVersion: council/v1
kind: Guide
metadata: {name: welcome}
spec: {purpose: Leads in too., entrance: true, path: welcome.md}
```

Mended:

```yaml
apiVersion: council/v1
kind: Guide
metadata: {name: start}
spec: {purpose: Leads in., entrance: true, path: start.md}
---
apiVersion: council/v1
kind: Guide
metadata: {name: welcome}
spec: {purpose: Explains the tools., path: welcome.md}
```
"#;

fn check(model: &Model, _: &Facts, findings: &mut Vec<Diagnostic>) {
    let mut entrances = model.all::<Guide>().filter(|guide| guide.spec.entrance);
    let Some(first) = entrances.next() else { return };
    for guide in entrances {
        let message = format!("{} is an entrance beside {}", guide.title(), first.title());
        findings.push(
            Diagnostic::new(&RULE.info, guide.resource.place.clone(), message)
                .why("everybody should be told one address")
                .hint("keep `entrance: true` on one of them, and link the other from there")
                .related(first.resource.place.clone(), "the other entrance")
                .subject(guide.resource.id.to_string()),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::vocabulary::TRIAL;

    #[test]
    fn a_second_entrance_is_found() {
        TRIAL.finds(
            &RULE,
            "
            Guide/a: {purpose: x, entrance: true}
            Guide/b: {purpose: x, entrance: true}
        ",
            &[("b", "b is an entrance beside a")],
        );
    }

    #[test]
    fn one_entrance_is_right() {
        TRIAL.finds(
            &RULE,
            "
            Guide/a: {purpose: x, entrance: true}
            Guide/b: {purpose: x}
        ",
            &[],
        );
    }
}
