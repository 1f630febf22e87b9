//! This room's parts of the living document: Provisioners, images, roles, hardening and failover.
//!
//! A field with a question mark is a column only when somebody uses it; every other one is always
//! there, so that what nobody has filled in shows as a gap.

use governance::kinds::Chapter;
use governance::render::DocumentPart;

use crate::kinds::{Baseline, BootProfile, FailoverPlan, Image, Provisioner, Role};

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
            &["distribution", "release", "base?", "versioning", "repository?", "baseline?"],
        ),
        DocumentPart::table::<Role>(
            Chapter::Platform,
            "Bare Metal: Golden Images by Role",
            &["purpose", "image", "baseline", "networks?"],
        ),
        DocumentPart::table::<Baseline>(Chapter::Platform, "Bare Metal: Hardening", &["controls"]),
        DocumentPart::table::<FailoverPlan>(
            Chapter::Platform,
            "Bare Metal: Losing a Site",
            &["from", "to", "rto", "rpo", "steps", "checks?", "settled_by?"],
        ),
    ]
}
