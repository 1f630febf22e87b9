//! Editor support: the formatter and the language server.
//!
//! A leaf crate, so that the protocol's types are built once and nothing else waits for them.

pub mod format;
