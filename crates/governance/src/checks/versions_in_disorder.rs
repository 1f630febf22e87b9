//! Versions are dated in their order.

use diag::{Code, Diagnostic, RuleInfo, Severity};
use playbook::{Check, Facts, Model, Rule};

use super::at;
use crate::kinds::Version;

/// Versions are dated in their order.
pub(super) static RULE: Rule = Rule {
    info: RuleInfo {
        code: Code("GOV029"),
        name: "versions-in-disorder",
        severity: Severity::Warning,
        summary: "Versions are dated in their order.",
        page: PAGE,
    },
    check: Check::Whole(check),
};

const PAGE: &str = r#"The changelog lists versions by number. A later number with an earlier date, or a number that is no number, makes it
unreadable.

Fails:

```yaml
apiVersion: council/v1
kind: Version
metadata: {name: v0.1}
spec: {version: v0.1, date: 2026-03-01, summary: x}
---
apiVersion: council/v1
kind: Version
metadata: {name: v0.2}
spec: {version: v0.2, date: 2026-02-01, summary: x}
```

Mended:

```yaml
apiVersion: council/v1
kind: Version
metadata: {name: v0.1}
spec: {version: v0.1, date: 2026-03-01, summary: x}
---
apiVersion: council/v1
kind: Version
metadata: {name: v0.2}
spec: {version: v0.2, date: 2026-04-01, summary: x}
```
"#;

fn check(model: &Model, _: &Facts, findings: &mut Vec<Diagnostic>) {
    let mut versions: Vec<_> = model.all::<Version>().collect();
    versions.sort_by_key(|version| (version.numbers(), version.name()));
    for version in versions.iter().filter(|version| version.numbers().is_empty()) {
        let message = format!("{} has no number", diag::words::quote(&version.version));
        findings.push(
            at(&RULE, *version, version.version.span, message)
                .why("the changelog lists versions by number")
                .hint("write it like `v0.1`"),
        );
    }
    let dated: Vec<_> = versions
        .iter()
        .filter_map(|version| Some((version, version.spec.date.as_ref()?)))
        .collect();
    for pair in dated.windows(2) {
        let [(earlier, before), (later, after)] = pair else { continue };
        if after.value < before.value {
            let message =
                format!("{} is dated before {}", later.version.value, earlier.version.value);
            findings.push(
                at(&RULE, **later, after.span, message)
                    .why("a later number means a later day")
                    .hint("mend one of the two dates")
                    .related(earlier.resource.at(before.span), "the earlier number"),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::vocabulary::TRIAL;

    #[test]
    fn a_later_number_with_an_earlier_day_is_found() {
        TRIAL.finds(
            &RULE,
            "Version/a: {version: v0.2, date: 2026-03-01, summary: x}
             Version/b: {version: v0.10, date: 2026-02-01, summary: x}
             Version/c: {version: next, summary: x}",
            &[("2026-02-01", "v0.10 is dated before v0.2"), ("next", "`next` has no number")],
        );
    }

    #[test]
    fn order_is_right_and_a_day_may_be_open() {
        TRIAL.finds(
            &RULE,
            "Version/a: {version: v0.1, date: 2026-03-01, summary: x}
             Version/b: {version: v0.x, summary: x}
             Version/c: {version: v1, date: 2026-03-01, summary: x}",
            &[],
        );
    }
}
