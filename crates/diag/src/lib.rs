//! Diagnostics: what is wrong in a file that a person wrote, where, why, and what to do now.
//!
//! One value, [`Diagnostic`], is produced by every reader and every rule, and rendered by the
//! functions in [`render`] for people, for machines and for code review. A diagnostic always has a
//! stable [`Code`], a [`Place`] in the user's own file and a severity; most have a why and a hint.
//!
//! Invariants: a list of diagnostics that leaves a room is sorted (see [`sort`]) and free of
//! duplicates; every code that is reported has a page (a [`RuleInfo`]) that `council explain` prints.
//!
//! Absent on purpose: reading files, colours detection, the clock. Sources come in through [`Sources`].

mod diagnostic;
mod place;
pub mod render;
mod rule_info;
pub mod words;

pub use diagnostic::{Diagnostic, Related, Severity, sort};
pub use place::{LineColumn, LineIndex, Place, Span};
pub use render::Sources;
pub use rule_info::{Code, RuleInfo};
