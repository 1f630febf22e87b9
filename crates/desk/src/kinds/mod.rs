//! What the playbook may declare about the platform's users and what they are offered, one file a kind.

mod checklist;
mod guide;
mod self_service;
mod template;
mod user_profile;

pub use checklist::{Checklist, ChecklistItem};
pub use guide::Guide;
pub use self_service::{Interface, Offer, SelfService};
pub use template::{SourceRepository, Template, TemplateClass};
pub use user_profile::UserProfile;
