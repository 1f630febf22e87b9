//! Editor support: the formatter and the language server.
//!
//! [`serve`] speaks the language server protocol over standard input and output: diagnostics as you type,
//! completion of kinds, fields, values and references, hover, go to definition, find references, rename,
//! symbols and formatting. It reads the same [`playbook::Workspace`] as `council check`, so an editor and CI
//! never disagree.
//!
//! A leaf crate, so that the protocol's types are built once and nothing else waits for them.

pub mod format;

mod complete;
mod cursor;
mod hover;
mod navigate;
mod position;
mod rename;
mod schema;
mod server;
mod session;

pub use server::{Clock, ServeError, serve, serve_on};
