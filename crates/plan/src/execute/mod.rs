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
//!
//! What always holds:
//! * Nothing begins before what it depends on was *observed* to be done, and destroys begin when all else is.
//! * One disruptive step per failure domain at a time, from its intent until its effect was observed.
//! * After a failure that no further try mends, nothing more begins.
//! * A step in doubt is tried again under the same key, by the newest executor alone.

mod driver;
mod memory;
mod moves;
mod outcome;
mod progress;
mod record;
#[cfg(test)]
mod tests;

pub use driver::{Run, run};
pub use memory::MemoryJournal;
pub use moves::{Flight, Move, Next, Pace, next};
pub use outcome::{End, Kept, Outcome, kept};
pub use progress::{Misfit, Progress, Standing};
pub use record::{Fence, Journal, JournalError, Record};
