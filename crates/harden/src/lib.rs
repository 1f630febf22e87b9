//! Hardening: whether a running host meets a baseline, asked over SSH, without an agent.
#![warn(missing_docs)]

mod control;
mod text;

pub use control::{Control, Nonce, Settings};
