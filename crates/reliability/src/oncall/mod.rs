//! Who is on call: the pure resolution of schedules.
//!
//! The way of a moment: each layer's [`turns`] say whose turn it is on the layer's own clock; its hours
//! ([`hours`]) cut them; layers, overrides and swaps are laid over each other ([`resolve`]), the upper
//! one first; what nobody covers is a gap. On that stand [`escalate`] (whom a page reaches, step by
//! step) and [`simulate`] (fairness, rest, pay over years).
//!
//! Invariants, tested as properties: shifts are in order and never overlap; a change of people that
//! begins on a day changes nothing before it; a hand-off is at its local time on every day that has it.
//!
//! Absent on purpose: the clock (moments are arguments), delivery of anything, and guesses: somebody
//! who is away is not replaced by whoever comes next, because nobody has asked them.

pub mod escalate;
mod hours;
mod resolve;
mod shift;
pub mod simulate;
#[cfg(test)]
mod tests;
mod turns;
mod window;

pub(crate) use hours::expand;
pub use resolve::{Exchange, OnCall, at, gaps, shifts, zone};
pub use shift::{Shift, Source};
pub(crate) use turns::Candidate;
pub use window::Window;
pub(crate) use window::{midnight, moment, subtract};
