//! PromQL as far as rules and checks need it: does a query parse, where not, and what does it read.
//!
//! A recursive-descent parser over the grammar of Prometheus 3, with the byte span of every part, so
//! that a finding points into the user's text and a query can be rewritten by inserting text instead of
//! printing it anew. `{{.window}}`, which Sloth and OpenSLO write where a range belongs, is a range here.
//!
//! Invariants: pure; no recursion deeper than [`MAX_DEPTH`]; every span lies on character borders of the
//! text. `promtool` is the judge in tests: what it refuses and what we refuse are the same for one list.
//!
//! Why our own: the one library of the field reports no positions and repairs what it cannot read, so a
//! broken query may pass as another one.
//!
//! Absent on purpose: evaluation, and native-histogram literals, which no query contains.

mod ast;
mod functions;
mod lex;
mod parse;
mod suffix;
mod types;

pub use ast::{Binary, Call, Expression, Grouping, Matcher, Node, Range, Selector};
pub use parse::{MAX_DEPTH, SyntaxError, parse};
pub use types::Type;

#[cfg(test)]
mod tests;
