//! The VLANs of a site as variables that plays and templates read.

use playbook::{Model, Typed};
use serde::Serialize;

use crate::kinds::Vlan;

/// What stands above the variables, for whoever opens the file on a machine.
const HEADER: &str =
    "# Rendered by council from the playbook. Changes made here show up as drift.\n";

#[derive(Serialize)]
struct Row<'m> {
    name: &'m str,
    id: u32,
    purpose: &'m str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    subnets: Vec<&'m str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    gateway: Option<&'m str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    zone: Option<&'m str>,
}

/// Renders the VLANs that a site carries, by number; all of them without a site. A VLAN without a number is left out: no
/// switch can carry it yet.
///
/// The text is YAML with one VLAN a line, which is JSON in YAML's flow style: what a name contains needs no second
/// set of quoting rules.
pub fn vlans(model: &Model, site: Option<&str>) -> Vec<u8> {
    let mut vlans: Vec<_> = model
        .all::<Vlan>()
        .filter(|vlan| carries(vlan, site))
        .filter_map(|vlan| Some((vlan.spec.id.as_deref().copied()?, vlan)))
        .collect();
    vlans.sort_by_key(|(id, vlan)| (*id, vlan.name()));
    let mut text = HEADER.to_owned();
    text.push_str(if vlans.is_empty() { "vlans: []\n" } else { "vlans:\n" });
    for (id, vlan) in &vlans {
        let row = serde_json::to_string(&row(*id, vlan)).expect("BUG: a row of texts is JSON");
        text.push_str("- ");
        text.push_str(&row);
        text.push('\n');
    }
    text.into_bytes()
}

fn carries(vlan: &Typed<'_, Vlan>, site: Option<&str>) -> bool {
    let sites = &vlan.spec.sites;
    site.is_none_or(|site| sites.is_empty() || sites.iter().any(|carrier| carrier.name() == site))
}

fn row<'m>(id: u32, vlan: &Typed<'m, Vlan>) -> Row<'m> {
    let spec = vlan.spec;
    Row {
        name: vlan.name(),
        id,
        purpose: spec.purpose.trim(),
        subnets: spec.subnets.iter().map(|subnet| subnet.as_str()).collect(),
        gateway: spec.gateway.as_deref().map(String::as_str),
        zone: spec.zone.as_ref().map(|zone| zone.name()),
    }
}

#[cfg(test)]
mod tests {
    use playbook::{Vocabulary, Workspace};

    use super::*;

    const VLANS: &str = "
apiVersion: council/v1
kind: Vlan
metadata: { name: tenants }
spec: { id: 30, purpose: \"Tenants: their machines\", sites: [eu-1], subnets: [10.30.0.0/16], gateway: 10.30.0.1 }
---
apiVersion: council/v1
kind: Vlan
metadata: { name: mgmt }
spec: { id: 10, purpose: Consoles }
---
apiVersion: council/v1
kind: Vlan
metadata: { name: storage }
spec: { purpose: Not numbered yet }
";

    #[track_caller]
    fn check(site: Option<&str>, expected: &[&str]) {
        let vocabulary = std::sync::Arc::new(crate::vocabulary(Vocabulary::default()));
        let workspace = Workspace::of_texts([("vlans.yaml", VLANS)], vocabulary);
        let text = String::from_utf8(vlans(workspace.model(), site)).unwrap();
        let lines: Vec<_> = text.lines().skip(1).collect();
        assert_eq!(lines, expected);
    }

    #[test]
    fn vlans_stand_by_number_and_those_without_one_are_left_out() {
        check(
            Some("eu-1"),
            &[
                "vlans:",
                r#"- {"name":"mgmt","id":10,"purpose":"Consoles"}"#,
                r#"- {"name":"tenants","id":30,"purpose":"Tenants: their machines","subnets":["10.30.0.0/16"],"gateway":"10.30.0.1"}"#,
            ],
        );
    }

    #[test]
    fn a_site_gets_its_own_vlans_and_those_of_all_sites() {
        check(Some("eu-2"), &["vlans:", r#"- {"name":"mgmt","id":10,"purpose":"Consoles"}"#]);
    }
}
