//! The seats of a decision type are held by more than one person.

use std::collections::BTreeSet;

use diag::{Code, Diagnostic, RuleInfo, Severity};
use playbook::{Check, Facts, Model, Ref, Rule};

use super::at;
use crate::kinds::DecisionType;

/// The seats of a decision type are held by more than one person.
pub(super) static RULE: Rule = Rule {
    info: RuleInfo {
        code: Code("GOV008"),
        name: "one-person-decides",
        severity: Severity::Warning,
        summary: "The seats of a decision type are held by more than one person.",
        page: PAGE,
    },
    check: Check::Whole(check),
};

const PAGE: &str = r#"Nobody carries their own proposal alone. When one person holds all primary seats of a type and all their backups, that
person's own proposals can never be accepted.

Fails:

```yaml
apiVersion: council/v1
kind: DecisionType
metadata: {name: b}
spec: {scope: Platforms., primaries: [net]}
---
apiVersion: council/v1
kind: Seat
metadata: {name: net}
spec: {owns: x, primary: ana}
---
apiVersion: council/v1
kind: Person
metadata: {name: ana}
spec: {}
```

Mended:

```yaml
apiVersion: council/v1
kind: DecisionType
metadata: {name: b}
spec: {scope: Platforms., primaries: [net]}
---
apiVersion: council/v1
kind: Seat
metadata: {name: net}
spec: {owns: x, primary: ana, backup: ben}
---
apiVersion: council/v1
kind: Person
metadata: {name: ana}
spec: {}
---
apiVersion: council/v1
kind: Person
metadata: {name: ben}
spec: {}
```
"#;

fn check(model: &Model, _: &Facts, findings: &mut Vec<Diagnostic>) {
    for kind in model.all::<DecisionType>() {
        let seats = kind.primaries.iter().filter_map(|seat| model.follow(seat));
        let holders: BTreeSet<&str> = seats
            .flat_map(|seat| seat.spec.primary.iter().chain(&seat.spec.backup))
            .map(Ref::name)
            .collect();
        if let (1, Some(person)) = (holders.len(), holders.first()) {
            let message = format!("only `{person}` can vote on decisions of {}", kind.title());
            findings.push(
                at(&RULE, kind, kind.primaries.span, message)
                    .why("nobody carries their own proposal alone")
                    .hint("name another primary or backup for one of its seats"),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::vocabulary::TRIAL;

    #[test]
    fn one_person_in_all_seats_is_found() {
        TRIAL.finds(
            &RULE,
            "Person/ana: {}
             Seat/net: {owns: x, primary: ana}
             Seat/sre: {owns: x, primary: ana}
             DecisionType/b: {scope: x, primaries: [net, sre]}",
            &[("[net, sre]", "only `ana` can vote on decisions of b")],
        );
    }

    #[test]
    fn two_people_and_empty_seats_are_no_finding_of_this_rule() {
        TRIAL.finds(
            &RULE,
            "Person/ana: {}
             Person/ben: {}
             Seat/net: {owns: x, primary: ana, backup: ben}
             Seat/sre: {owns: x}
             DecisionType/b: {scope: x, primaries: [net]}
             DecisionType/c: {scope: x, primaries: [sre]}",
            &[],
        );
    }
}
