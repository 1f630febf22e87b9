//! The playbook: a directory of YAML and Markdown, read into typed resources.
//!
//! The way of a file: `files` finds and reads it, `yaml` and `markdown` split it into documents and
//! build trees of nodes with spans, `document` and `lower` turn each into the type of its kind (chosen
//! from the [`Vocabulary`] by the envelope's `apiVersion` and `kind`), and the [`Model`] holds what was
//! lowered, by kind and name. A document that does not fit its type is walked again along its JSON
//! Schema (`complete`), so that all of its problems are known at once. References are typed by the
//! field they stand in ([`Ref`], [`OneOf`]); they are collected while a document is lowered and
//! resolved against the model afterwards (`resolve`). A [`Workspace`] does all of it and keeps it up
//! to date.
//!
//! Invariants: a broken file never hides the others; every problem is one [`diag::Diagnostic`] with
//! a place in the user's file; the same files give the same output, byte for byte.
//!
//! Absent on purpose: the clock (rules take [`Facts`]), the network, Git, and any knowledge of what
//! a seat or a decision is: kinds and rules are registered by the seats' own crates.

mod broken;
mod codes;
mod complete;
mod data;
mod derived;
mod document;
mod files;
#[doc(hidden)]
pub mod fuzzing;
mod kind;
pub mod limits;
mod load;
mod lower;
mod markdown;
mod model;
mod period;
mod reference;
mod resolve;
mod resource;
mod rule;
mod schema;
mod spanned;
mod suggest;
mod table;
#[cfg(test)]
mod tests;
mod vocabulary;
mod workspace;
mod yaml;

pub use codes::codes;
pub use data::data;
pub use kind::{Bare, DocumentKind, Foreign, Kind, KindInfo};
pub use lower::LowerError;
pub use model::{Model, Typed};
pub use period::Period;
pub use reference::{Family, OneOf, Ref, Use};
pub use resource::{Id, Meta, Resource};
pub use rule::{Check, Facts, Rule};
pub use spanned::Spanned;
pub use vocabulary::Vocabulary;
pub use workspace::{Edition, Workspace};
use yaml::{Node, Value};
