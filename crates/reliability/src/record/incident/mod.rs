//! An incident's way: detected, triaged, contained, resolved, reviewed, closed.
//!
//! An alert detects one, or a person declares it; either may be a test, and may be private. It can be
//! merged into another while it lasts, and opened again after it seemed to be over. Each stage keeps the
//! moment at which it was reached, from which the clocks (time to detect, to acknowledge, to mitigate, to
//! resolve) follow. Roles are held from one moment to another, and handed over on record.
//!
//! Invariants: stages only move along the way or back to `triaged` with a reason; nothing happens to an
//! incident that is closed or merged but remarks on its timeline; an incident whose severity wants a
//! postmortem is not reviewed before that is published, and none is closed while an action that came
//! from it is unverified.

mod clocks;
mod command;
mod decide;
mod state;
#[cfg(test)]
mod tests;

pub use clocks::Clocks;
pub use command::{Audience, Command, Event, Origin, Source};
pub use decide::decide;
pub use state::{Notice, Stage, State, Tenure, TimelineEntry, Update};

/// The next free id of a year, such as `INC-2026-0012`.
pub fn next_id<'a>(known: impl IntoIterator<Item = &'a str>, year: i16) -> String {
    let prefix = format!("INC-{year:04}-");
    let numbers = known.into_iter().filter_map(|id| id.strip_prefix(&prefix)?.parse::<u32>().ok());
    format!("{prefix}{:04}", numbers.max().unwrap_or(0).saturating_add(1))
}
