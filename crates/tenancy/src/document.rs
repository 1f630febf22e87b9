//! This room's parts of the living document: stacks and tenants.
//!
//! A field with a question mark is a column only when somebody uses it; every other one is always
//! there, so that what nobody has filled in shows as a gap.

use governance::kinds::Chapter;
use governance::render::{Block, DocumentPart, Inline};
use governance::views::PartyRef;
use playbook::Model;

use crate::kinds::{Quota, Stack, TenancyModel};

/// The parts, in the order of the document.
#[must_use]
pub fn document_parts() -> Vec<DocumentPart> {
    vec![
        DocumentPart::table::<Stack>(
            Chapter::Platform,
            "Virtualization: Stacks",
            &["used_for", "deployed_with?", "phase", "sites?", "notes?"],
        ),
        DocumentPart::table::<TenancyModel>(
            Chapter::Platform,
            "Virtualization: Tenancy",
            &["project_for_each", "naming", "required_tags", "charge"],
        ),
        DocumentPart {
            chapter: Chapter::Platform,
            title: "Virtualization: Quotas",
            fields: &["unit", "amount"],
            render: quotas,
        },
    ]
}

/// The quotas of all models, one a row, because a limit without a number is a gap of its own.
fn quotas(model: &Model, _: &DocumentPart) -> Vec<Block> {
    let row = |quota: &Quota| {
        let mut amount = vec![match &quota.amount {
            Some(amount) => Inline::text(amount.value.to_string()),
            None => Inline::Gap("no amount".to_owned()),
        }];
        if let Some(settled) = &quota.settled_by {
            amount.push(Inline::text(" "));
            amount.push(Inline::Link(PartyRef::of(model, &settled.to_string())));
        }
        let name = vec![Inline::Strong(quota.resource.word().to_owned())];
        vec![name, vec![Inline::text(quota.unit.clone())], amount]
    };
    let quotas = model.all::<TenancyModel>().flat_map(|tenancy| &tenancy.spec.quotas);
    let rows: Vec<_> = quotas.map(row).collect();
    if rows.is_empty() {
        return Vec::new();
    }
    let columns = ["Name", "Unit", "Amount"].map(str::to_owned).to_vec();
    vec![Block::Table { columns, rows }]
}
