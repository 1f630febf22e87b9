//! Every seat at the table has a primary.

use diag::{Code, Diagnostic, RuleInfo, Severity};
use playbook::{Check, Facts, Model, Rule};

use super::{at_risk, on, owned_by_seats};
use crate::Roster;
use crate::kinds::Seat;

/// Every seat at the table has a primary.
pub(super) static RULE: Rule = Rule {
    info: RuleInfo {
        code: Code("ORG004"),
        name: "primary-missing",
        severity: Severity::Warning,
        summary: "Every seat at the table has a primary.",
        page: PAGE,
    },
    check: Check::Whole(check),
};

const PAGE: &str = r#"A seat may be empty: it is a responsibility all the same. But nobody decides, reviews or answers for it, and what
it owns is at risk. The gap is a warning, so that the playbook stays current while it is shown everywhere.

Fails:

```yaml
apiVersion: council/v1
kind: Seat
metadata: {name: network}
spec: {owns: The network., backup: ben}
```

Mended:

```yaml
apiVersion: council/v1
kind: Seat
metadata: {name: network}
spec: {owns: The network., primary: ana, backup: ben}
```
"#;

fn check(model: &Model, facts: &Facts, findings: &mut Vec<Diagnostic>) {
    let roster = Roster::new(model, facts.today);
    let open = |seat: &Seat| seat.primary.is_none() && roster.is_active(seat);
    if !model.all::<Seat>().any(|seat| open(&seat)) {
        return;
    }
    let owned = owned_by_seats(model);
    for seat in model.all::<Seat>().filter(|seat| open(seat)) {
        let hint = match &seat.backup {
            Some(backup) => format!("add `primary:`, or make `{}` the primary", backup.name()),
            None => "add `primary:` with the name of a person".to_owned(),
        };
        findings.push(
            on(&RULE, seat, format!("the seat {} has no primary", seat.title()))
                .why(at_risk(seat, &owned))
                .hint(hint),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::vocabulary::TRIAL;

    #[test]
    fn an_empty_seat_is_shown_with_what_is_at_risk() {
        let lines = "Seat/net: {owns: The network.}\nSite/eu-1: {role: primary, owner: net}";
        TRIAL.finds(&RULE, lines, &[("net", "the seat net has no primary")]);
        let workspace = TRIAL.read(lines);
        let findings = trial::findings(&workspace);
        let found = findings.iter().find(|finding| finding.code == RULE.info.code).unwrap();
        assert_eq!(found.why.as_deref(), Some("at risk: The network, `site/eu-1`"));
    }

    #[test]
    fn a_filled_seat_and_an_inactive_one_are_no_gap() {
        let lines =
            "Seat/net: {owns: x, primary: ana}\nSeat/talent: {owns: x, active_when: hiring}";
        TRIAL.finds(&RULE, lines, &[]);
    }
}
