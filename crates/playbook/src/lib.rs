//! The playbook: a directory of YAML and Markdown, read into typed resources.
//!
//! The way of a file: [`Workspace`] reads it, `parse` splits it into documents and builds a tree of
//! nodes with spans, `lower` turns each document into the type of its kind (chosen from the
//! [`Vocabulary`] by the envelope's `apiVersion` and `kind`), and the [`Model`] holds what was
//! lowered, by kind and name. References are typed by the field they stand in ([`Ref`], [`OneOf`]);
//! they are collected while a document is lowered and resolved against the model afterwards.
//!
//! Invariants: a broken file never hides the others; every problem is one [`diag::Diagnostic`] with
//! a place in the user's file; the same files give the same output, byte for byte.
//!
//! Absent on purpose: the clock (rules take [`Facts`]), the network, Git, and any knowledge of what
//! a seat or a decision is: kinds and rules are registered by the seats' own crates.

mod kind;
mod lower;
mod model;
mod node;
mod period;
mod reference;
mod resource;
mod rule;
mod spanned;
mod vocabulary;
mod workspace;

pub use kind::{DocumentKind, Foreign, Kind, KindInfo};
pub use lower::LowerError;
pub use model::{Model, Typed};
pub use node::{Node, Value};
pub use period::Period;
pub use reference::{Family, OneOf, Ref, Use};
pub use resource::{Id, Meta, Resource};
pub use rule::{Check, Facts, Rule};
pub use spanned::Spanned;
pub use vocabulary::Vocabulary;
pub use workspace::Workspace;
