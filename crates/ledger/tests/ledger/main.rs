//! The ledger from the outside, as its users see it.

#![expect(clippy::unwrap_used, reason = "a failing helper is a failing test")]
#![expect(clippy::panic, reason = "likewise")]
#![expect(clippy::print_stdout, reason = "what is left out is said loudly")]

mod append;
mod faults;
mod fold;
mod open;
mod seal;
mod support;
mod transfer;
mod verify;
