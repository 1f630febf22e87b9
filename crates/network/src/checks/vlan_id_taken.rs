//! Two VLANs that meet at one site have different IDs.

use std::collections::BTreeMap;

use diag::{Code, Diagnostic, RuleInfo, Severity};
use playbook::{Check, Facts, Model, Rule, Typed};

use crate::kinds::Vlan;

/// Two VLANs that meet at one site have different IDs.
pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        code: Code("NET002"),
        name: "vlan-id-taken",
        severity: Severity::Error,
        summary: "Two VLANs that meet at one site have different IDs.",
        page: PAGE,
    },
    check: Check::Whole(check),
};

const PAGE: &str = r#"Two VLANs with one number are one VLAN: what was separated on paper is joined in the switch. At different sites the same number is fine; a VLAN without `sites` is at all of them.

Fails:

```yaml
apiVersion: council/v1
kind: Vlan
metadata: {name: mgmt}
spec: {id: 10, purpose: Consoles., sites: [eu-1]}
---
apiVersion: council/v1
kind: Vlan
metadata: {name: storage}
spec: {id: 10, purpose: Volumes.}
---
apiVersion: council/v1
kind: Site
metadata: {name: eu-1}
spec: {role: primary}
```

Mended:

```yaml
apiVersion: council/v1
kind: Vlan
metadata: {name: mgmt}
spec: {id: 10, purpose: Consoles., sites: [eu-1]}
---
apiVersion: council/v1
kind: Vlan
metadata: {name: storage}
spec: {id: 20, purpose: Volumes.}
---
apiVersion: council/v1
kind: Site
metadata: {name: eu-1}
spec: {role: primary}
```
"#;

fn check(model: &Model, _: &Facts, findings: &mut Vec<Diagnostic>) {
    let mut by_id: BTreeMap<u32, Vec<Typed<'_, Vlan>>> = BTreeMap::new();
    for vlan in model.all::<Vlan>() {
        if let Some(id) = &vlan.spec.id {
            by_id.entry(id.value).or_default().push(vlan);
        }
    }
    for vlans in by_id.values() {
        for (index, vlan) in vlans.iter().enumerate() {
            if let Some(other) = vlans.iter().take(index).find(|other| meet(vlan, other)) {
                findings.extend(taken(vlan, other));
            }
        }
    }
}

/// Says whether two VLANs are at one site; without sites, a VLAN is at all of them.
fn meet(left: &Vlan, right: &Vlan) -> bool {
    left.sites.is_empty()
        || right.sites.is_empty()
        || left.sites.iter().any(|site| right.sites.contains(site))
}

fn taken(vlan: &Typed<'_, Vlan>, other: &Typed<'_, Vlan>) -> Option<Diagnostic> {
    let (id, first) = (vlan.spec.id.as_ref()?, other.spec.id.as_ref()?);
    let message = format!("the VLAN ID {} belongs to `{}` already", id.value, other.name());
    Some(
        Diagnostic::new(&RULE.info, vlan.resource.at(id.span), message)
            .why("two VLANs with one number are one network")
            .hint("give one of them another number, or different `sites`")
            .related(other.resource.at(first.span), "first used here")
            .subject(vlan.resource.id.to_string()),
    )
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::vocabulary::TRIAL;

    #[test]
    fn one_number_at_one_site_is_found() {
        TRIAL.finds(
            &RULE,
            "
            Site/eu-1: {role: primary}
            Vlan/a: {id: 10, purpose: x, sites: [eu-1]}
            Vlan/b: {id: 10, purpose: x}
        ",
            &[("10", "the VLAN ID 10 belongs to `a` already")],
        );
    }

    #[test]
    fn one_number_at_two_sites_is_right() {
        TRIAL.finds(
            &RULE,
            "
            Site/eu-1: {role: primary}
            Site/eu-2: {role: primary}
            Vlan/a: {id: 10, purpose: x, sites: [eu-1]}
            Vlan/b: {id: 10, purpose: x, sites: [eu-2]}
            Vlan/c: {purpose: x}
            Vlan/d: {purpose: x}
        ",
            &[],
        );
    }
}
