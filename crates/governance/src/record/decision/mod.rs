//! A decision's way: draft, proposed, consulted, then accepted, rejected or withdrawn; an accepted one
//! is superseded or expires.
//!
//! Proposing freezes who is asked: which seats must agree, which parties are consulted and until when,
//! who is told ([`Panel`]). It does not freeze who holds those seats: whether somebody may vote for a
//! seat is judged from the playbook at the moment of the vote. Votes belong to a text: when the text
//! changes they are void, and the decision has to be proposed again.
//!
//! Invariants: at least one person other than the author must have agreed, whatever the rule; the
//! verdict depends on the votes, not on their order; as time passes it only moves forward.

mod command;
mod decide;
mod eligible;
mod panel;
mod state;
mod verdict;

pub use command::{Command, Event, Position};
pub use decide::decide;
pub use eligible::{Capacity, may_vote};
pub use panel::{Panel, for_decision};
pub use state::{Advice, Proposal, Stage, State, Vote};
#[cfg(test)]
mod tests;

pub use verdict::{Outcome, SeatVerdict, Stance, Verdict, verdict};
