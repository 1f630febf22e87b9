//! From playbook to what should be: each target's files, rendered, with the fields that a plan compares.
//!
//! Seat crates render artefacts ([`Artefact`]): pure functions from the model to bytes. A [`Target`] says which of them it
//! keeps, and where. [`desired`] joins the two; what a target has is told in the same fields by [`file_fields`], so that
//! a plan reads `vlans.tenants.id: 30 -> 31` and not "a file differs".
//!
//! Invariants: all or nothing, because a plan from half of what should be would destroy the other half; the same
//! model gives the same bytes.
//!
//! Absent on purpose: files and clients. Where a target is and how it is written stands in `systems`.

mod artefact;
mod between;
mod desired;
mod fields;
mod shared;
mod touched;

pub use artefact::{Artefact, Scope, Unrenderable};
pub use between::between;
pub use desired::{FILE, Rendered, Unrendered, desired, marks};
pub use fields::{MAX_FIELDS, file_fields};
pub use shared::Shared;
pub use touched::{for_guardrails, planned, touched};
