//! Alerts: what fired, what kept it quiet, who was told, who saw it, when it was over.
//!
//! One stream, `alert/all`, with one entry for a batch of transitions: a storm of ten thousand alerts is fifty entries, and
//! the same alerts sent again are none. [`settle`](Command::Settle) is what time brings: alerts that nobody sends any more, silences
//! and causes that begin or end, groups that are due to be told, watchdogs that have gone silent.
//!
//! Invariants: an alert that is active stands in the state until it is over; who is told is written down before it is done;
//! reaching a limit fires an alert of council's own.

mod command;
mod decide;
mod settle;
mod state;
#[cfg(test)]
mod tests;

pub use command::{Because, Command, Event, Fired, HeldNow, Notified};
pub use decide::decide;
pub use settle::{AlertGroup, group_key, groups};
pub use state::{Alert, Episode, History, Seen, State, Told, Watch};

/// The name of the one stream of alerts.
pub const STREAM: &str = "all";
