//! Every seat at the table has a backup.

use diag::{Code, Diagnostic, RuleInfo, Severity};
use playbook::{Check, Facts, Model, Rule};

use super::{at_risk, on, owned_by_seats};
use crate::Roster;
use crate::kinds::Seat;

/// Every seat at the table has a backup.
pub(super) static RULE: Rule = Rule {
    info: RuleInfo {
        code: Code("ORG005"),
        name: "backup-missing",
        severity: Severity::Warning,
        summary: "Every seat at the table has a backup.",
        page: PAGE,
    },
    check: Check::Whole(check),
};

const PAGE: &str = r#"A seat without a backup stops with one illness: decisions wait for its primary, and nobody else knows the ground.

Fails:

```yaml
apiVersion: council/v1
kind: Seat
metadata: {name: network}
spec: {owns: The network., primary: ana}
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
    let open = |seat: &Seat| seat.backup.is_none() && roster.is_active(seat);
    if !model.all::<Seat>().any(|seat| open(&seat)) {
        return;
    }
    let owned = owned_by_seats(model);
    for seat in model.all::<Seat>().filter(|seat| open(seat)) {
        let why = match &seat.primary {
            Some(primary) => format!(
                "when `{}` is away, nobody answers; {}",
                primary.name(),
                at_risk(seat, &owned)
            ),
            None => at_risk(seat, &owned),
        };
        findings.push(
            on(&RULE, seat, format!("the seat {} has no backup", seat.title()))
                .why(why)
                .hint("add `backup:` with the name of a person"),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::vocabulary::TRIAL;

    #[test]
    fn a_seat_without_backup_is_a_gap() {
        TRIAL.finds(
            &RULE,
            "Seat/net: {owns: x, primary: ana}",
            &[("net", "the seat net has no backup")],
        );
    }

    #[test]
    fn a_seat_with_backup_is_none() {
        TRIAL.finds(&RULE, "Seat/net: {owns: x, primary: ana, backup: ben}", &[]);
    }
}
