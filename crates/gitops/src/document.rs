//! This room's parts of the living document: core services, repositories, changes, secrets, Ansible.
//!
//! A field with a question mark is a column only when somebody uses it; every other one is always
//! there, so that what nobody has filled in shows as a gap.

use governance::kinds::Chapter;
use governance::render::DocumentPart;

use crate::kinds::{
    AnsibleStandard, BranchPolicy, ChangePolicy, ChangeTemplate, CoreService, Repository, Secret,
    SecretPolicy,
};

/// The parts, in the order of the document.
#[must_use]
pub fn document_parts() -> Vec<DocumentPart> {
    vec![
        DocumentPart::table::<CoreService>(
            Chapter::Platform,
            "Control Plane and Core Services",
            &["chosen=Choice", "candidates?", "describes?", "settled_by?", "notes?", "owner"],
        ),
        DocumentPart::table::<Repository>(
            Chapter::Standards,
            "Repositories",
            &["purpose", "holds", "provider", "protected_branch", "branch_policy?", "seat"],
        ),
        DocumentPart::table::<BranchPolicy>(
            Chapter::Standards,
            "Branches",
            &["main", "always_deployable", "patterns"],
        ),
        DocumentPart::table::<AnsibleStandard>(
            Chapter::Standards,
            "Ansible",
            &["idempotent", "domains", "inventories"],
        ),
        DocumentPart::table::<ChangeTemplate>(
            Chapter::Standards,
            "What a Pull Request Says",
            &["sections"],
        ),
        DocumentPart::table::<ChangePolicy>(
            Chapter::Standards,
            "How a Change is Made",
            &["repositories?", "paths?", "template?", "reviews", "validation", "apply?"],
        ),
        DocumentPart::table::<SecretPolicy>(
            Chapter::Standards,
            "Secrets",
            &[
                "plain_text=In plain text",
                "stores=Store",
                "rotate_every=Rotation",
                "access=Rule of access",
            ],
        ),
        DocumentPart::table::<Secret>(
            Chapter::Standards,
            "Secrets: Where They Are Kept",
            &["purpose", "owner", "kept_in", "max_age", "how_to_rotate", "services?"],
        ),
    ]
}
