//! The Talent & Remote-Culture Partner's room: levels, hiring loops, remote norms.
//!
//! The seat exists always and is filled only while somebody is hired or changes roles; what it has
//! agreed on stays in the playbook in between.
//!
//! Invariants: pure; nothing here names a candidate or a colleague.
//!
//! Absent on purpose: applications, interviews and assessments. They are personal data of people who
//! have not agreed to a public record.

mod checks;
mod document;
mod kinds;
mod vocabulary;

pub use document::document_parts;
pub use kinds::{HiringLoop, Level, RemoteNorm, Stage};
pub use vocabulary::vocabulary;
