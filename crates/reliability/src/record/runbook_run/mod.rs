//! A run of a runbook: step by step, with what each printed as evidence.
//!
//! Whoever runs it has the machine and the rights; council leads and writes down. A step is announced before it is
//! run and told afterwards, so that a run that breaks off shows what may have happened. A step that is marked waits
//! for the approval of a second person. A run that failed is resumed at the step that failed.
//!
//! Invariants: steps run in order, and each only once the one before it has passed; the one who runs never approves;
//! a run is bound to the steps with which it began; the values of secret parameters are never in it.
//!
//! Absent on purpose: running. That is done where the person is, by the command line.

mod command;
mod decide;
mod state;
#[cfg(test)]
mod tests;

pub use command::{Command, Ending, Event};
pub use decide::decide;
pub use state::{Attempt, Stage, State};

/// The next free id of a year, such as `RUN-2026-0012`.
pub fn next_id<'a>(known: impl IntoIterator<Item = &'a str>, year: i16) -> String {
    let prefix = format!("RUN-{year:04}-");
    let numbers = known.into_iter().filter_map(|id| id.strip_prefix(&prefix)?.parse::<u32>().ok());
    format!("{prefix}{:04}", numbers.max().unwrap_or(0).saturating_add(1))
}
