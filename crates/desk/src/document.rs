//! This room's parts of the living document: users, self-service, templates, guides and checklists.
//!
//! A field with a question mark is a column only when somebody uses it; every other one is always
//! there, so that what nobody has filled in shows as a gap.

use governance::kinds::Chapter;
use governance::render::DocumentPart;

use crate::kinds::{Checklist, Guide, SelfService, Template, UserProfile};

/// The parts, in the order of the document.
#[must_use]
pub fn document_parts() -> Vec<DocumentPart> {
    vec![
        DocumentPart::table::<UserProfile>(
            Chapter::DeveloperExperience,
            "User Profiles",
            &["builds", "needs", "who?", "starts_with?"],
        ),
        DocumentPart::table::<SelfService>(
            Chapter::DeveloperExperience,
            "Self-Service",
            &["gives", "through", "offer", "notes?"],
        ),
        DocumentPart::table::<Template>(
            Chapter::DeveloperExperience,
            "Templates",
            &["class", "gives", "offer", "repository?"],
        ),
        DocumentPart::table::<Guide>(
            Chapter::DeveloperExperience,
            "Guides",
            &["purpose", "entrance", "path", "url?"],
        ),
        DocumentPart::table::<Checklist>(
            Chapter::DeveloperExperience,
            "Checklists",
            &["occasion", "items"],
        ),
    ]
}
