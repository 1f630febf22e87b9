//! The Product & Developer Experience Partner's room: who uses the platform and what it offers them.
//!
//! Invariants: pure; an offer says whether it exists, so that nobody is promised what is only planned.
//!
//! Absent on purpose: requests and what becomes of them. They happen, so they stand in the ledger.

mod checks;
mod document;
mod kinds;
mod vocabulary;

pub use document::document_parts;
pub use kinds::{
    Checklist, ChecklistItem, Guide, Interface, Offer, SelfService, SourceRepository, Template,
    TemplateClass, UserProfile,
};
pub use vocabulary::vocabulary;
