//! What governance renders: the living document, agendas, calendars, decision records.
//!
//! Pure and stable: the same reading gives the same bytes. Documents are blocks first ([`Block`]), so
//! that Markdown, the pages and the static site are made from one source with typed links.

pub mod agenda;
mod block;
pub mod calendar;
pub mod document;
pub mod madr;
pub mod markdown;
mod part;

pub use block::{Block, Cell, Inline};
pub use part::{DocumentPart, resource_table};
