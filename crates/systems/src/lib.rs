//! The outside: one module per system, with its client and, where council may change it, its target.
//!
//! What always holds:
//! * Every call has a time-out and a limit on what it reads; an answer that nobody understands is a fault with a sentence,
//!   never a crash.
//! * A system that is silent is reported as silent, never as empty.
//! * Secrets are held in memory only, and appear in no error, log or plan.
//!
//! Absent on purpose: decisions. What to do is planned elsewhere; who may is judged elsewhere. A module here only
//! asks and does.
//!
//! # The real servers
//!
//! Drivers are held to the same demands by emulators, always, and by real servers where a variable names one: OpenBao and
//! Vault, OpenTofu, Gitea and Forgejo. CONTRIBUTING.md says how each is built and started. GitHub, GitLab and Jenkins have
//! met descriptions of their interfaces and fakes only.
#![warn(missing_docs)]

pub mod alertmanager;
pub mod ansible;
mod clock;
pub mod forge;
pub mod git;
pub mod ironic;
pub mod maas;
pub mod machines;
pub mod metal;
pub mod notify;
pub mod outgoing;
mod program;
pub mod prometheus;
pub mod redact;
pub mod secrets;
pub mod shell;
pub mod target;
pub mod terraform;

pub use clock::SystemClock;
pub use plan::Proposed;
