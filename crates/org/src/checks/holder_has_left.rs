//! Whoever has left holds nothing any more.

use diag::{Code, Diagnostic, RuleInfo, Severity};
use playbook::{Check, Facts, Model, Rule};

use crate::holdings;
use crate::kinds::Person;

/// Whoever has left holds nothing any more.
pub(super) static RULE: Rule = Rule {
    info: RuleInfo {
        code: Code("ORG002"),
        name: "holder-has-left",
        severity: Severity::Error,
        summary: "Whoever has left holds nothing any more.",
        page: PAGE,
    },
    check: Check::Whole(check),
};

const PAGE: &str = r#"A seat, an office or a team in the hands of somebody who is gone looks filled and is not: its decisions wait,
and its access stays open. From the day `leaves` on, every place that still names the person is an error.

Fails:

```yaml
apiVersion: council/v1
kind: Person
metadata: {name: ana}
spec: {leaves: 2026-06-30}
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
spec: {leaves: 2026-06-30}
---
apiVersion: council/v1
kind: Seat
metadata: {name: network}
spec: {owns: The network., primary: ben}
```
"#;

fn check(model: &Model, facts: &Facts, findings: &mut Vec<Diagnostic>) {
    for held in holdings::all(model) {
        let Some(person) = model.get::<Person>(held.person) else { continue };
        let Some(leaves) = person.leaves.as_ref().filter(|_| person.has_left(facts.today)) else {
            continue;
        };
        let message = format!("`{}` left on {}, and is still {held}", held.person, leaves.value);
        findings.push(
            Diagnostic::new(&RULE.info, held.place(), message)
                .why("it looks filled, and nobody answers")
                .hint(held.remedy())
                .related(person.resource.at(leaves.span), "the day is said here")
                .subject(held.resource.id.to_string()),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::vocabulary::TRIAL;

    #[test]
    fn everything_that_somebody_gone_holds_is_found() {
        TRIAL.finds(
            &RULE,
            "Person/ana: {leaves: 2026-11-23}
             Seat/net: {owns: x, primary: person/ana}
             Office/cto: {holder: ana}
             Team/core: {lead: ana, members: [ana]}
             Service/api: {owner: person/ana}",
            &[
                ("person/ana", "`ana` left on 2026-11-23, and is still primary of `seat/net`"),
                ("ana", "`ana` left on 2026-11-23, and is still holder of `office/cto`"),
                ("ana", "`ana` left on 2026-11-23, and is still lead of `team/core`"),
                ("ana", "`ana` left on 2026-11-23, and is still member of `team/core`"),
                ("person/ana", "`ana` left on 2026-11-23, and is still owner of `service/api`"),
            ],
        );
    }

    #[test]
    fn until_the_day_itself_nothing_is_wrong() {
        TRIAL.finds(
            &RULE,
            "Person/ana: {leaves: 2026-11-24}\nSeat/net: {owns: x, primary: ana}",
            &[],
        );
    }
}
