//! Whoever leaves soon has handed over.

use diag::{Code, Diagnostic, RuleInfo, Severity};
use jiff::ToSpan;
use playbook::{Check, Facts, Model, Rule};

use crate::graph::Hold;
use crate::holdings;
use crate::kinds::Person;

/// Whoever leaves within 30 days has handed over what they hold.
pub(super) static RULE: Rule = Rule {
    info: RuleInfo {
        code: Code("ORG003"),
        name: "holder-leaves-soon",
        severity: Severity::Warning,
        summary: "Whoever leaves within 30 days has handed over what they hold.",
        page: PAGE,
    },
    check: Check::Whole(check),
};

const PAGE: &str = r#"Handing over a seat takes weeks: somebody must be found, asked and shown around. Thirty days before somebody
leaves, everything that they still hold is listed, while there is time. `council whatif --leave` says what follows.

Fails:

```yaml
apiVersion: council/v1
kind: Person
metadata: {name: ana}
spec: {leaves: 2026-12-15}
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
spec: {leaves: 2026-12-15}
---
apiVersion: council/v1
kind: Seat
metadata: {name: network}
spec: {owns: The network., primary: ben, backup: cleo}
```
"#;

/// Notice periods of a month are the shortest usual ones in Europe; a longer warning would stand in
/// every check for months and be overlooked.
const DAYS: i64 = 30;

fn check(model: &Model, facts: &Facts, findings: &mut Vec<Diagnostic>) {
    let horizon = facts.today.checked_add(DAYS.days()).unwrap_or(facts.today);
    let held = holdings::all(model).into_iter().filter(|held| held.hold != Hold::Member);
    for held in held {
        let Some(person) = model.get::<Person>(held.person) else { continue };
        let soon = |day: &jiff::civil::Date| facts.today < *day && *day <= horizon;
        let Some(leaves) = person.leaves.as_ref().filter(|leaves| soon(&leaves.value)) else {
            continue;
        };
        let message = format!("`{}` leaves on {}, and is {held}", held.person, leaves.value);
        findings.push(
            Diagnostic::new(&RULE.info, held.place(), message)
                .why("handing over takes weeks")
                .hint(format!("{}, or ask `council whatif --leave {}`", held.remedy(), held.person))
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
    fn thirty_days_ahead_is_soon() {
        TRIAL.finds(
            &RULE,
            "Person/ana: {leaves: 2026-12-23}\nSeat/net: {owns: x, primary: ben, backup: ana}",
            &[("ana", "`ana` leaves on 2026-12-23, and is backup of `seat/net`")],
        );
    }

    #[test]
    fn later_or_past_leaving_and_membership_alone_are_no_matter() {
        TRIAL.finds(
            &RULE,
            "Person/ana: {leaves: 2026-12-24}
             Person/ben: {leaves: 2026-11-23}
             Person/cleo: {leaves: 2026-12-01}
             Team/core: {members: [cleo]}
             Seat/net: {owns: x, primary: ben, backup: ana}",
            &[],
        );
    }
}
