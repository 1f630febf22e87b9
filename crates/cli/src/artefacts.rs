//! The artefacts that the rooms of this binary can render, composed once.
//!
//! A new artefact is one line here: a name that targets of the playbook use, and a pure function of the
//! seat's own crate.

use gitops::plan::Artefact;

/// All of them, by name.
#[must_use]
pub fn artefacts() -> Vec<Artefact> {
    vec![
        Artefact {
            name: "network/vlans",
            summary: "The VLANs of the target's site as variables for Ansible.",
            render: |model, scope| Ok(network::render::vlans(model, scope.site)),
        },
        Artefact {
            name: "prometheus/rules",
            summary: "Recording rules and alerts of the objectives at the target's site.",
            render: |model, scope| Ok(reliability::render::rules(model, scope.site)),
        },
    ]
}
