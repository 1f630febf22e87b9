//! This room's parts of the living document: levels, hiring and remote norms.
//!
//! A field with a question mark is a column only when somebody uses it; every other one is always
//! there, so that what nobody has filled in shows as a gap.

use governance::kinds::Chapter;
use governance::render::DocumentPart;

use crate::kinds::{HiringLoop, Level, RemoteNorm};

/// The parts, in the order of the document.
#[must_use]
pub fn document_parts() -> Vec<DocumentPart> {
    vec![
        DocumentPart::table::<Level>(Chapter::Talent, "Levels", &["ladder", "responsibilities"]),
        DocumentPart::table::<HiringLoop>(Chapter::Talent, "Hiring", &["stages"]),
        DocumentPart::table::<RemoteNorm>(
            Chapter::Talent,
            "Remote First",
            &["about", "agreements"],
        ),
    ]
}
