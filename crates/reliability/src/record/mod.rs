//! The record of this room: alerts and silences, amendments of error budgets, incidents, their postmortems, runs of runbooks, swaps of shifts, and
//! notifications.
//!
//! One file or folder a noun, each with the same shape as everywhere: a `Command` somebody wants
//! carried out, an `Event` that happened, a `State` folded from events, and `decide`, which answers with
//! events or a refusal. [`decide`] is the one door: it also tells an incident what was merged into it.
//! [`State`] is the fold over everything.
//!
//! Invariants: pure; time, ids and the actor are arguments; texts that may name people are sealed before
//! they are stored ([`Recorded::texts`]); timeline entries are never changed, an edit is a new entry.
//!
//! Absent on purpose: the sending itself. It leads to commands here and knows nothing of stages.

pub mod alert;
pub mod amendment;
pub mod facts;
mod fold;
pub mod incident;
pub mod measurement;
pub mod notification;
mod perform;
pub mod postmortem;
pub mod runbook_run;
pub mod silence;
pub mod swap;
#[cfg(test)]
mod tests;

pub use facts::{Actor, Facts};
pub use fold::{State, read_event};
pub use perform::{Command, Event, Recorded, decide};
