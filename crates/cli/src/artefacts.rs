//! The artefacts that the rooms of this binary can render, composed once.
//!
//! A new artefact is one line here: a name that targets of the playbook use, and a pure function of the
//! seat's own crate.

use std::collections::BTreeMap;

use gitops::plan::{Artefact, Scope, Unrenderable};
use gitops::render::codeowners::at_target as codeowners;
use gitops::render::inventory::{Host, inventory};
use playbook::Model;

use crate::hosts;

/// All of them, by name.
#[must_use]
pub fn artefacts() -> Vec<Artefact> {
    vec![
        Artefact {
            name: "alertmanager/config",
            summary: "A complete `alertmanager.yml` that routes by ownership and hands alerts to council.",
            render: |model, _| Ok(reliability::render::alertmanager(model).into_bytes()),
        },
        Artefact {
            name: "ansible/inventory",
            summary: "The machines of the target's site in groups, as Ansible's dynamic inventories have them.",
            render: ansible_inventory,
        },
        Artefact {
            name: "codeowners",
            summary: "CODEOWNERS of the target's repository, from seats and teams.",
            render: |model, scope| Ok(codeowners(model, scope.target, scope.today).into_bytes()),
        },
        Artefact {
            name: "network/vlans",
            summary: "The VLANs of the target's site as variables for Ansible.",
            render: |model, scope| Ok(network::render::vlans(model, scope.site)),
        },
        Artefact {
            name: "prometheus/rules",
            summary: "Recording rules and alerts of the objectives at the target's site.",
            render: |model, scope| {
                let lowered = reliability::slo::lower(model);
                Ok(reliability::render::rules(model, &lowered.slos, scope.site))
            },
        },
    ]
}

/// The machines in service by the site where they stand.
type HostsBySite = BTreeMap<Option<String>, Vec<Host>>;

fn ansible_inventory(model: &Model, scope: &Scope<'_>) -> Result<Vec<u8>, Unrenderable> {
    let sites = scope.shared.once(|| {
        let mut sites = HostsBySite::new();
        for host in hosts::declared(model, scope.today) {
            sites.entry(host.site.clone()).or_default().push(host);
        }
        sites
    });
    let here = |site: &Option<String>| scope.meets(site.as_deref().into_iter());
    let hosts = sites.iter().filter(|(site, _)| here(site)).flat_map(|(_, hosts)| hosts).cloned();
    let found = inventory(hosts, []).map_err(|error| Unrenderable(error.to_string()))?;
    let mut text = serde_json::to_vec_pretty(&found.list())
        .map_err(|error| Unrenderable(error.to_string()))?;
    text.push(b'\n');
    Ok(text)
}
