//! Dates of a person are in order.

use diag::{Code, Diagnostic, RuleInfo, Severity};
use playbook::{Check, Resource, Rule};

use super::at;
use crate::kinds::Person;

/// Dates of a person are in order.
pub(super) static RULE: Rule = Rule {
    info: RuleInfo {
        code: Code("ORG024"),
        name: "dates-in-disorder",
        severity: Severity::Error,
        summary: "Dates of a person are in order.",
        page: PAGE,
    },
    check: Check::Each(check),
};

const PAGE: &str = r#"Somebody leaves after they joined, and an absence ends after it began. The other way round, the person is never here,
and their seats look like gaps without a reason.

Fails:

```yaml
apiVersion: council/v1
kind: Person
metadata: {name: ana}
spec: {joined: 2026-03-01, leaves: 2025-03-01}
```

Mended:

```yaml
apiVersion: council/v1
kind: Person
metadata: {name: ana}
spec: {joined: 2025-03-01, leaves: 2026-03-01}
```
"#;

fn check(resource: &Resource, findings: &mut Vec<Diagnostic>) {
    let Some(person) = resource.typed::<Person>() else { return };
    if let (Some(joined), Some(leaves)) = (&person.joined, &person.leaves)
        && leaves.value <= joined.value
    {
        let message = format!(
            "`{}` leaves on {}, and joins on {}",
            person.name(),
            leaves.value,
            joined.value
        );
        findings.push(
            at(&RULE, person, leaves.span, message)
                .why("`leaves` is the first day on which they are no longer here")
                .hint("mend one of the two dates")
                .related(resource.at(joined.span), "joins here"),
        );
    }
    for away in person.away.iter().filter(|away| away.to.value < away.from.value) {
        let message = format!("an absence ends on {}, before it begins", away.to.value);
        findings.push(
            at(&RULE, person, away.to.span, message)
                .why("`from` is the first day away, `to` the last")
                .hint("swap or mend the two dates")
                .related(resource.at(away.from.span), "begins here"),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::vocabulary::TRIAL;

    #[test]
    fn dates_the_wrong_way_round_are_found() {
        TRIAL.finds(
            &RULE,
            "Person/ana: {joined: 2026-03-01, leaves: 2026-03-01, away: [{from: 2026-07-02, to: 2026-07-01}]}",
            &[
                ("2026-03-01", "`ana` leaves on 2026-03-01, and joins on 2026-03-01"),
                ("2026-07-01", "an absence ends on 2026-07-01, before it begins"),
            ],
        );
    }

    #[test]
    fn a_day_away_is_right() {
        TRIAL.finds(
            &RULE,
            "Person/ana: {joined: 2026-03-01, leaves: 2026-03-02, away: [{from: 2026-07-01, to: 2026-07-01}]}",
            &[],
        );
    }
}
