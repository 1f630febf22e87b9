//! Every seat names what it is found by.

use diag::{Code, Diagnostic, RuleInfo, Severity};
use playbook::{Check, Resource, Rule};

use super::on;
use crate::kinds::Seat;

/// Every seat names what it is found by.
pub(super) static RULE: Rule = Rule {
    info: RuleInfo {
        code: Code("ORG025"),
        name: "seat-never-found",
        severity: Severity::Warning,
        summary: "Every seat names what it is found by.",
        page: PAGE,
    },
    check: Check::Each(check),
};

const PAGE: &str = r#"`council who` and the gate find a seat by its `topics` and `covers`. A seat without either is found only by the words of
its title, and changes in its field pass it by.

Fails:

```yaml
apiVersion: council/v1
kind: Seat
metadata: {name: network}
spec: {owns: The network., primary: ana, backup: ben}
```

Mended:

```yaml
apiVersion: council/v1
kind: Seat
metadata: {name: network}
spec: {owns: The network., primary: ana, backup: ben, topics: [vlan, vpn], covers: {paths: ["network/**"]}}
```
"#;

fn check(resource: &Resource, findings: &mut Vec<Diagnostic>) {
    let Some(seat) = resource.typed::<Seat>() else { return };
    if seat.topics.is_empty() && seat.covers.is_empty() {
        findings.push(
            on(&RULE, seat, format!("the seat {} covers nothing", seat.title()))
                .why("`council who` and the gate find seats by their topics, paths and kinds")
                .hint("add `topics:` or `covers:`"),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::vocabulary::TRIAL;

    #[test]
    fn a_seat_that_covers_nothing_is_found() {
        TRIAL.finds(&RULE, "Seat/net: {owns: x}", &[("net", "the seat net covers nothing")]);
    }

    #[test]
    fn one_topic_or_path_is_enough() {
        TRIAL.finds(
            &RULE,
            "Seat/net: {owns: x, topics: [vlan]}\nSeat/sre: {owns: x, covers: {kinds: [site]}}",
            &[],
        );
    }
}
