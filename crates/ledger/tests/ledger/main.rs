//! The ledger from the outside, as its users see it.

mod append;
mod fold;
mod support;
