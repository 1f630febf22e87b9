//! Secrets: finding those that stand in plain text, and telling when the hidden ones are too old.
//!
//! The scanner ([`scan`], [`scan_diff`]) looks at texts by rules that are data ([`patterns`]); the
//! exceptions that the playbook grants are applied afterwards ([`excuse`]), so that what was excused is
//! known too. [`rotations`] holds each declared secret against its age.
//!
//! Invariants: pure; what is found is never repeated: a finding says where, by which rule, how long the
//! text is, and a fingerprint by which two findings can be told apart.
//!
//! Absent on purpose: reading files and asking secret stores. The caller has the texts and the dates.

mod diff;
mod entropy;
mod exceptions;
mod finding;
mod leak;
mod patterns;
mod placeholder;
mod redact;
mod rotation;
mod scan;

pub use diff::scan_diff;
pub use exceptions::{Excused, excuse};
pub use finding::{RULES, leak_diagnostic};
pub use leak::Leak;
pub use patterns::{names as rule_names, titles as rule_titles};
pub use redact::redact;
pub use rotation::{Rotation, RotationState, rotations};
pub(crate) use rotation::{max_age, rotation};
pub use scan::{MAX_TEXT, cover, scan};
