//! A seat's backup is somebody else than its primary.

use diag::{Code, Diagnostic, RuleInfo, Severity};
use playbook::{Check, Resource, Rule};

use super::at;
use crate::kinds::Seat;

/// A seat's backup is somebody else than its primary.
pub(super) static RULE: Rule = Rule {
    info: RuleInfo {
        code: Code("ORG006"),
        name: "backup-is-primary",
        severity: Severity::Error,
        summary: "A seat's backup is somebody else than its primary.",
        page: PAGE,
    },
    check: Check::Each(check),
};

const PAGE: &str = r#"A backup stands in when the primary cannot. The same person twice is no backup, and hides the gap that it leaves.

Fails:

```yaml
apiVersion: council/v1
kind: Seat
metadata: {name: network}
spec: {owns: The network., primary: ana, backup: ana}
```

Mended:

```yaml
apiVersion: council/v1
kind: Seat
metadata: {name: network}
spec: {owns: The network., primary: ana, backup: ben}
```
"#;

fn check(resource: &Resource, findings: &mut Vec<Diagnostic>) {
    let Some(seat) = resource.typed::<Seat>() else { return };
    let (Some(primary), Some(backup)) = (&seat.primary, &seat.backup) else { return };
    if primary == backup {
        let message = format!("`{}` is primary and backup of {}", backup.name(), seat.title());
        findings.push(
            at(&RULE, seat, backup.span(), message)
                .why("a backup stands in when the primary cannot")
                .hint("name somebody else, or leave the backup out, so that the gap is shown")
                .related(resource.at(primary.span()), "the primary"),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::vocabulary::TRIAL;

    #[test]
    fn the_same_person_twice_is_found() {
        TRIAL.finds(
            &RULE,
            "Seat/net: {owns: x, primary: ana, backup: person/ana}",
            &[("person/ana", "`ana` is primary and backup of net")],
        );
    }

    #[test]
    fn two_people_are_right() {
        TRIAL.finds(&RULE, "Seat/net: {owns: x, primary: ana, backup: ben}", &[]);
    }
}
