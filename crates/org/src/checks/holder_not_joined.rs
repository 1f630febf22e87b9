//! Whoever holds something has joined.

use diag::{Code, Diagnostic, RuleInfo, Severity};
use playbook::{Check, Facts, Model, Rule};

use crate::graph::Hold;
use crate::holdings;
use crate::kinds::Person;

/// Whoever holds a seat, an office or a team has joined.
pub(super) static RULE: Rule = Rule {
    info: RuleInfo {
        code: Code("ORG029"),
        name: "holder-not-joined",
        severity: Severity::Warning,
        summary: "Whoever holds a seat, an office or a team has joined.",
        page: PAGE,
    },
    check: Check::Whole(check),
};

const PAGE: &str = r#"Planning ahead is fine, but until the first day nobody answers: name who bridges the time as the primary, or let the
backup stand in knowingly.

Fails:

```yaml
apiVersion: council/v1
kind: Person
metadata: {name: ana}
spec: {joined: 2027-01-01}
---
apiVersion: council/v1
kind: Seat
metadata: {name: network}
spec: {owns: The network., primary: ana, backup: ben}
```

Mended:

```yaml
apiVersion: council/v1
kind: Person
metadata: {name: ana}
spec: {joined: 2026-01-01}
---
apiVersion: council/v1
kind: Seat
metadata: {name: network}
spec: {owns: The network., primary: ana, backup: ben}
```
"#;

fn check(model: &Model, facts: &Facts, findings: &mut Vec<Diagnostic>) {
    let held = holdings::all(model).into_iter().filter(|held| held.hold != Hold::Member);
    for held in held {
        let Some(person) = model.get::<Person>(held.person) else { continue };
        let joined = person.joined.as_ref();
        let Some(joined) = joined.filter(|joined| joined.value > facts.today) else { continue };
        let message = format!("`{}` is {held}, and joins only on {}", held.person, joined.value);
        findings.push(
            Diagnostic::new(&RULE.info, held.place(), message)
                .why("until then nobody answers, or the backup alone")
                .hint("name who bridges the time")
                .related(person.resource.at(joined.span), "the day is said here")
                .subject(held.resource.id.to_string()),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::vocabulary::TRIAL;

    #[test]
    fn a_holder_who_joins_later_is_found() {
        TRIAL.finds(
            &RULE,
            "Person/ana: {joined: 2026-11-24}\nSeat/net: {owns: x, primary: ana}",
            &[("ana", "`ana` is primary of `seat/net`, and joins only on 2026-11-24")],
        );
    }

    #[test]
    fn the_first_day_and_membership_are_right() {
        TRIAL.finds(
            &RULE,
            "Person/ana: {joined: 2026-11-23}
             Person/ben: {joined: 2027-01-01}
             Team/core: {members: [ben]}
             Seat/net: {owns: x, primary: ana}",
            &[],
        );
    }
}
