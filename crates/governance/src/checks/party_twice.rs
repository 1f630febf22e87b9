//! A party stands once among those consulted and informed.

use diag::{Code, Diagnostic, RuleInfo, Severity};
use playbook::{Check, Resource, Rule};

use super::at;
use crate::kinds::RaciArea;

/// A party stands once among those consulted and informed.
pub(super) static RULE: Rule = Rule {
    info: RuleInfo {
        code: Code("GOV003"),
        name: "party-twice",
        severity: Severity::Warning,
        summary: "A party stands once among those consulted and informed.",
        page: PAGE,
    },
    check: Check::Each(check),
};

const PAGE: &str = r#"Whoever does the work or answers for it need not be asked, and whoever is asked is told anyway. A second mention makes the
matrix harder to read and says nothing.

Fails:

```yaml
apiVersion: council/v1
kind: RaciArea
metadata: {name: network}
spec: {responsible: [seat/net], accountable: [seat/sre], consulted: [seat/net]}
---
apiVersion: council/v1
kind: Seat
metadata: {name: net}
spec: {owns: x}
---
apiVersion: council/v1
kind: Seat
metadata: {name: sre}
spec: {owns: x}
```

Mended:

```yaml
apiVersion: council/v1
kind: RaciArea
metadata: {name: network}
spec: {responsible: [seat/net], accountable: [seat/sre]}
---
apiVersion: council/v1
kind: Seat
metadata: {name: net}
spec: {owns: x}
---
apiVersion: council/v1
kind: Seat
metadata: {name: sre}
spec: {owns: x}
```
"#;

fn check(resource: &Resource, findings: &mut Vec<Diagnostic>) {
    let Some(area) = resource.typed::<RaciArea>() else { return };
    let holders = area.responsible.iter().chain(area.accountable.iter());
    let mut known: Vec<(String, &str)> =
        holders.map(|holder| (holder.to_string(), "responsible or accountable")).collect();
    let consulted = area.consulted.iter().map(|listener| (listener, "consulted"));
    let informed = area.informed.iter().map(|listener| (listener, "informed"));
    for (listener, role) in consulted.chain(informed) {
        let party = listener.to_string();
        match known.iter().find(|(name, _)| *name == party) {
            Some((_, before)) => findings.push(
                at(&RULE, area, listener.span(), format!("`{party}` is {before} already"))
                    .why("the stronger role includes the weaker one")
                    .hint("take it out here"),
            ),
            None => known.push((party, role)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::vocabulary::TRIAL;

    #[test]
    fn a_second_mention_is_found() {
        TRIAL.finds(
            &RULE,
            "Seat/net: {owns: x}
             Seat/sre: {owns: x}
             RaciArea/a: {responsible: [seat/net], accountable: [seat/net], consulted: [seat/net, seat/sre], informed: [seat/sre]}",
            &[
                ("seat/net", "`seat/net` is responsible or accountable already"),
                ("seat/sre", "`seat/sre` is consulted already"),
            ],
        );
    }

    #[test]
    fn responsible_and_accountable_may_be_one() {
        TRIAL.finds(
            &RULE,
            "Seat/net: {owns: x}
             Seat/sre: {owns: x}
             RaciArea/a: {responsible: [seat/net], accountable: [seat/net], consulted: [seat/sre]}",
            &[],
        );
    }
}
