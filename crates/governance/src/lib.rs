//! Governance: decisions, rituals, questions, and the living document.
//!
//! Kinds ([`kinds`]) are what the playbook may declare: decision types, RACI areas, rituals, open
//! questions, versions, and two sorts of Markdown files: decision records (MADR 4) and sections of
//! prose. Rules (`checks`) say what must hold among them.
//!
//! Invariants: everything here is a pure function of the model, the record and its arguments; every
//! verdict and refusal carries its reasons; the author alone never carries a decision.
//!
//! Absent on purpose: the clock, the network, the disk, and keys (free text is sealed by whoever
//! writes it to the ledger).

pub mod cadence;
mod checks;
pub mod kinds;
pub mod madr;
pub mod record;
pub mod render;
pub mod text;
pub mod views;
mod vocabulary;
pub mod who;
mod words;

pub use record::{Facts, Refusal, State};
pub use text::{Text, Texts};
pub use vocabulary::vocabulary;
