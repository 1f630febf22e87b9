//! A change's way: draft, planned, awaiting approval, approved, applying, verifying, done.
//!
//! The stages and what may follow what are `plan::lifecycle`; here stand who may move a change on and
//! what follows from it. An approval is for one plan by its hash and revision: planning again voids it,
//! drift voids it, time voids it. The executor's journal lies in the same stream, so that one story
//! tells who approved what and what was done with it.
//!
//! Invariants: nobody approves their own change; nothing begins unless the gate allows it at that
//! moment; breaking the glass is for one plan, pages, and waits for a review by somebody else.

mod command;
mod decide;
mod state;
#[cfg(test)]
mod tests;
#[cfg(test)]
pub(crate) use tests::trial;

pub use command::{Around, Command, Description, Event, Maintenance, Notice, Origin, Planned, Via};
pub use decide::{decide, next_id};
pub use state::{Approved, BrokenGlass, Judged, Reviewed, Stage, State};
