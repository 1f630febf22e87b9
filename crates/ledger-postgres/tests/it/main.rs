//! The ledger on a real PostgreSQL server, which each test starts for itself in a directory of its own.

#![expect(clippy::unwrap_used, reason = "a failing helper is a failing test")]
#![expect(clippy::panic, reason = "likewise")]
#![expect(clippy::print_stderr, reason = "what is left out is said loudly")]

mod copying;
mod doubt;
mod faults;
mod opening;
mod postgres;
mod proxy;
mod replicas;
mod suite;
mod support;
