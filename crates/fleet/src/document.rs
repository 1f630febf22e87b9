//! This room's parts of the living document: Provisioners, images, roles, machines, hardening and failover.
//!
//! A field with a question mark is a column only when somebody uses it; every other one is always
//! there, so that what nobody has filled in shows as a gap.

use governance::kinds::Chapter;
use governance::render::{Block, Cell, DocumentPart, Inline};
use playbook::Model;

use crate::kinds::{
    Baseline, BootProfile, FailoverPlan, HardwareModel, Image, Machine, Provisioner, Rack, Role,
    Waiver,
};

/// The parts, in the order of the document.
#[must_use]
pub fn document_parts() -> Vec<DocumentPart> {
    vec![
        DocumentPart::table::<Provisioner>(
            Chapter::Platform,
            "Bare Metal: Provisioning",
            &["software", "purpose", "scope", "sites?", "boots?", "settled_by?"],
        ),
        DocumentPart::table::<BootProfile>(
            Chapter::Platform,
            "Bare Metal: Network Boot",
            &["network_boot", "set_up_by"],
        ),
        DocumentPart::table::<Image>(
            Chapter::Platform,
            "Bare Metal: Images",
            &[
                "distribution",
                "release",
                "supported_until?",
                "base?",
                "versioning",
                "repository?",
                "baseline?",
            ],
        ),
        DocumentPart::table::<Role>(
            Chapter::Platform,
            "Bare Metal: Golden Images by Role",
            &["purpose", "image", "baseline", "networks?"],
        ),
        DocumentPart::table::<Machine>(
            Chapter::Platform,
            "Bare Metal: Machines",
            &["site", "rack?", "unit?", "role", "environment?", "owner", "address?", "tags?"],
        ),
        DocumentPart::table::<Rack>(
            Chapter::Platform,
            "Bare Metal: Racks",
            &["site", "label", "units", "feeds?", "budget_watts"],
        ),
        DocumentPart::table::<HardwareModel>(
            Chapter::Platform,
            "Bare Metal: Hardware Models",
            &["vendor?", "height", "watts", "cores", "memory_gib", "network_cards?"],
        ),
        DocumentPart {
            chapter: Chapter::Platform,
            title: "Bare Metal: Hardening",
            fields: &["area", "requires"],
            render: controls,
        },
        DocumentPart::table::<Waiver>(
            Chapter::Platform,
            "Bare Metal: Exceptions from Hardening",
            &["baseline", "control", "covers", "reason", "owner", "decision", "until"],
        ),
        DocumentPart::table::<FailoverPlan>(
            Chapter::Platform,
            "Bare Metal: Losing a Site",
            &["from", "to", "rto", "rpo", "steps", "checks?", "settled_by?"],
        ),
    ]
}

/// The controls of all baselines, one a row, because an area without a requirement is a gap.
fn controls(model: &Model, _: &DocumentPart) -> Vec<Block> {
    let mut rows: Vec<Vec<Cell>> = Vec::new();
    for baseline in model.all::<Baseline>() {
        for control in &baseline.spec.controls {
            let mut name: Cell = Vec::new();
            if rows.is_empty() || control.id == baseline.spec.controls[0].id {
                name.push(Inline::Anchor(baseline.resource.id.to_string()));
            }
            name.push(Inline::Strong(format!("{}: {}", baseline.title(), control.id.value)));
            let requires = match &control.requires {
                Some(text) => Inline::text(text.clone()),
                None => Inline::Gap("no requirement".to_owned()),
            };
            rows.push(vec![name, vec![Inline::text(control.area.word())], vec![requires]]);
        }
    }
    if rows.is_empty() {
        return Vec::new();
    }
    let columns = ["Name", "Area", "Requires"].map(str::to_owned).to_vec();
    vec![Block::Table { columns, rows }]
}
