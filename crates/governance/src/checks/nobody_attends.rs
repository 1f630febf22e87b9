//! A ritual has attendees.

use diag::{Code, Diagnostic, RuleInfo, Severity};
use playbook::{Check, Resource, Rule};

use super::on;
use crate::kinds::{Attendees, Ritual};

/// A ritual has attendees.
pub(super) static RULE: Rule = Rule {
    info: RuleInfo {
        code: Code("GOV022"),
        name: "nobody-attends",
        severity: Severity::Warning,
        summary: "A ritual has attendees.",
        page: PAGE,
    },
    check: Check::Each(check),
};

const PAGE: &str = r#"A list of attendees that is empty invites nobody. Leave it out, or write `all-seats`, when everybody comes.

Fails:

```yaml
apiVersion: council/v1
kind: Ritual
metadata: {name: sync}
spec: {goal: x, trigger: An incident., attendees: {seats: []}}
```

Mended:

```yaml
apiVersion: council/v1
kind: Ritual
metadata: {name: sync}
spec: {goal: x, trigger: An incident., attendees: all-seats}
```
"#;

fn check(resource: &Resource, findings: &mut Vec<Diagnostic>) {
    let Some(ritual) = resource.typed::<Ritual>() else { return };
    let empty = match &ritual.attendees {
        Attendees::AllSeats => false,
        Attendees::Seats(seats) => seats.is_empty(),
    };
    if empty {
        findings.push(
            on(&RULE, ritual, format!("nobody comes to {}", ritual.title()))
                .why("the list of its attendees is empty")
                .hint("name seats, or write `attendees: all-seats`"),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::vocabulary::TRIAL;

    #[test]
    fn an_empty_list_is_found() {
        TRIAL.finds(
            &RULE,
            "Ritual/a: {goal: x, trigger: An incident., attendees: {seats: []}}",
            &[("a", "nobody comes to a")],
        );
    }

    #[test]
    fn somebody_is_right() {
        TRIAL.finds(
            &RULE,
            "Seat/net: {owns: x}
             Ritual/a: {goal: x, trigger: An incident., attendees: {seats: [net]}}
             Ritual/b: {goal: x, trigger: An incident.}",
            &[],
        );
    }
}
