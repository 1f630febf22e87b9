//! An override puts somebody on call who is there, for a while that exists.

use diag::{Code, Diagnostic, RuleInfo, Severity};
use org::kinds::Person;
use playbook::{Check, Facts, Model, Rule};

use crate::kinds::Override;

/// An override puts somebody on call who is there, for a while that exists.
pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        code: Code("REL016"),
        name: "override-impossible",
        severity: Severity::Error,
        summary: "An override puts somebody on call who is there, for a while that exists.",
        page: PAGE,
    },
    check: Check::Whole(check),
};

const PAGE: &str = r#"An override that ends before it begins, or names somebody who is away or gone, changes nothing or leaves a gap.

Fails:

```yaml
apiVersion: council/v1
kind: Person
metadata: {name: ben}
spec: {leaves: 2026-12-01}
---
apiVersion: council/v1
kind: Schedule
metadata: {name: first}
spec: {layers: []}
---
apiVersion: council/v1
kind: Override
metadata: {name: christmas}
spec: {schedule: first, person: ben, from: 2026-12-24T10:00:00, to: 2026-12-27T10:00:00}
```

Mended:

```yaml
apiVersion: council/v1
kind: Person
metadata: {name: ben}
spec: {joined: 2020-01-01}
---
apiVersion: council/v1
kind: Schedule
metadata: {name: first}
spec: {layers: []}
---
apiVersion: council/v1
kind: Override
metadata: {name: christmas}
spec: {schedule: first, person: ben, from: 2026-12-24T10:00:00, to: 2026-12-27T10:00:00}
```
"#;

fn check(model: &Model, _: &Facts, findings: &mut Vec<Diagnostic>) {
    for found in model.all::<Override>() {
        let (from, to) = (&found.from, &found.to);
        let person = model.get::<Person>(found.spec.person.name());
        let (first, last) = (from.date(), to.date());
        let missing = person.filter(|person| {
            let away = |day| !person.is_here(day) || person.is_away(day);
            away(first) || away(last)
        });
        let (span, message, hint) = if to.value <= from.value {
            let message = format!("it ends on {} and begins on {}", to.value, from.value);
            (to.span, message, "let it end after it begins")
        } else if let Some(person) = missing {
            let message = format!("`{}` is not there all that time", person.name());
            (found.spec.person.span(), message, "name somebody who is, or shorten it")
        } else {
            continue;
        };
        findings.push(
            Diagnostic::new(&RULE.info, found.resource.at(span), message)
                .why("it would put nobody on call")
                .hint(hint)
                .subject(found.resource.id.to_string()),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::vocabulary::TRIAL;

    #[test]
    fn somebody_gone_and_time_that_runs_backwards_are_found() {
        TRIAL.finds(
            &RULE,
            "
            Person/ana: {}
            Person/ben: {away: [{from: 2026-12-26, to: 2026-12-28}]}
            Schedule/a: {layers: []}
            Override/x: {schedule: a, person: ben, from: 2026-12-24T10:00:00, to: 2026-12-27T10:00:00}
            Override/y: {schedule: a, person: ana, from: 2026-12-24T10:00:00, to: 2026-12-24T10:00:00}
        ",
            &[("ben", "`ben` is not there all that time"), ("2026-12-24T10:00:00", "it ends on 2026-12-24T10:00:00 and begins on 2026-12-24T10:00:00")],
        );
    }

    #[test]
    fn somebody_who_is_there_is_right() {
        TRIAL.finds(
            &RULE,
            "
            Person/ana: {}
            Schedule/a: {layers: []}
            Override/x: {schedule: a, person: ana, from: 2026-12-24T10:00:00, to: 2026-12-27T10:00:00}
        ",
            &[],
        );
    }
}
