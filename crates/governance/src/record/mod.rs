//! The record: what can happen, and what has happened.
//!
//! One file a noun, each with the same shape: a `Command` somebody wants carried out, an `Event` that
//! happened, a `State` folded from events, `decide(&State, Command, &Facts)` which answers with events
//! or a [`Refusal`], and `State::apply`. [`decide`] is the one door for all of them: it also follows
//! an accepted decision to what it supersedes and answers. [`State`] is the fold over everything.
//!
//! Invariants: `decide` and `apply` are pure; time, ids and the actor are arguments; a refusal says
//! why and what would have to be different.

pub mod action;
pub mod decision;
pub(crate) mod facts;
pub mod feedback;
mod fold;
mod perform;
pub mod question;
mod refusal;
pub mod ritual;

pub use facts::{Facts, ITSELF, time_zone};
pub use fold::State;
pub use perform::{Command, Event, Recorded, decide};
pub use refusal::Refusal;

#[cfg(test)]
mod tests;
