//! This room's parts of the living document: stacks and tenants.
//!
//! A field with a question mark is a column only when somebody uses it; every other one is always
//! there, so that what nobody has filled in shows as a gap.

use governance::kinds::Chapter;
use governance::render::DocumentPart;

use crate::kinds::{Stack, TenancyModel};

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
            &["project_for_each", "naming", "required_tags", "quotas", "charge"],
        ),
    ]
}
