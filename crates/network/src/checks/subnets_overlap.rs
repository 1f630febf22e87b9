//! The subnets of different VLANs do not overlap.

use diag::{Code, Diagnostic, RuleInfo, Severity};
use playbook::{Check, Facts, Model, Rule, Spanned, Typed};

use crate::cidr::Network;
use crate::kinds::Vlan;

/// The subnets of different VLANs do not overlap.
pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        code: Code("NET004"),
        name: "subnets-overlap",
        severity: Severity::Error,
        summary: "The subnets of different VLANs do not overlap.",
        page: PAGE,
    },
    check: Check::Whole(check),
};

const PAGE: &str = r#"An address in two networks is routed to one of them, and nobody chooses which.

Fails:

```yaml
apiVersion: council/v1
kind: Vlan
metadata: {name: mgmt}
spec: {purpose: Consoles., subnets: [10.0.0.0/16]}
---
apiVersion: council/v1
kind: Vlan
metadata: {name: backup}
spec: {purpose: Copies., subnets: [10.0.9.0/24]}
```

Mended:

```yaml
apiVersion: council/v1
kind: Vlan
metadata: {name: mgmt}
spec: {purpose: Consoles., subnets: [10.0.0.0/21]}
---
apiVersion: council/v1
kind: Vlan
metadata: {name: backup}
spec: {purpose: Copies., subnets: [10.0.9.0/24]}
```
"#;

/// One subnet and the VLAN that it belongs to.
struct Claim<'m> {
    network: Network,
    text: &'m Spanned<String>,
    vlan: Typed<'m, Vlan>,
}

/// Sorted by first address, a network overlaps an earlier one exactly when it begins before the
/// furthest end so far: linear after sorting, however many there are.
fn check(model: &Model, _: &Facts, findings: &mut Vec<Diagnostic>) {
    let mut claims: Vec<Claim<'_>> = model.all::<Vlan>().flat_map(claims).collect();
    claims.sort_by_key(|claim| (claim.network.first(), std::cmp::Reverse(claim.network.last())));
    let mut furthest: Option<&Claim<'_>> = None;
    for claim in &claims {
        if let Some(earlier) =
            furthest.filter(|earlier| earlier.network.last() >= claim.network.first())
        {
            if earlier.vlan.name() != claim.vlan.name() {
                findings.push(overlap(claim, earlier));
            }
            if earlier.network.last() >= claim.network.last() {
                continue;
            }
        }
        furthest = Some(claim);
    }
}

fn claims(vlan: Typed<'_, Vlan>) -> impl Iterator<Item = Claim<'_>> {
    vlan.spec
        .subnets
        .iter()
        .filter_map(move |text| Some(Claim { network: Network::parse(text).ok()?, text, vlan }))
}

fn overlap(claim: &Claim<'_>, earlier: &Claim<'_>) -> Diagnostic {
    let (mine, theirs) = (&claim.text.value, &earlier.text.value);
    let message = format!("`{mine}` overlaps `{theirs}` of `{}`", earlier.vlan.name());
    Diagnostic::new(&RULE.info, claim.vlan.resource.at(claim.text.span), message)
        .why("an address in two networks is routed to one of them")
        .hint("move or shrink one of the two networks")
        .related(earlier.vlan.resource.at(earlier.text.span), "the other network")
        .subject(claim.vlan.resource.id.to_string())
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::vocabulary::TRIAL;

    #[test]
    fn a_network_inside_of_another_is_found() {
        TRIAL.finds(
            &RULE,
            "
            Vlan/a: {purpose: x, subnets: [10.0.0.0/16]}
            Vlan/b: {purpose: x, subnets: [10.0.9.0/24]}
            Vlan/c: {purpose: x, subnets: [10.0.200.0/24]}
        ",
            &[
                ("10.0.9.0/24", "`10.0.9.0/24` overlaps `10.0.0.0/16` of `a`"),
                ("10.0.200.0/24", "`10.0.200.0/24` overlaps `10.0.0.0/16` of `a`"),
            ],
        );
    }

    #[test]
    fn neighbours_are_right() {
        TRIAL.finds(
            &RULE,
            r#"
            Vlan/a: {purpose: x, subnets: [10.0.0.0/24, "::/64"]}
            Vlan/b: {purpose: x, subnets: [10.0.1.0/24]}
        "#,
            &[],
        );
    }
}
