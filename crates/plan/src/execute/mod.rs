//! Carrying a plan out so that it survives: journal, pure moves, and a driver.
//!
//! ```text
//! journal ─ read ─▶ Progress (a fold) ─┐
//! plan ────────────────────────────────┼─ next ─▶ moves ─ driver ─▶ targets
//! time, limits ────────────────────────┘                    └─ append intent, effect, result ─▶ journal
//! ```
//!
//! Everything that decides is pure: [`Progress`] is a fold over [`Record`]s, and [`next`] says what may be done now. The
//! driver ([`run`]) only does it. A step's intent is in the journal before anything happens, and its result after, so an
//! executor that is killed at any point is resumed from the journal alone.

mod record;

pub use record::{Fence, Journal, JournalError, Record};
