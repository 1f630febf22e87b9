//! The record of changes and freezes: what can happen, and what has happened.
//!
//! Each noun has the shape of the council's record: a `Command`, an `Event`, a `State` folded from
//! events, and a pure `decide`. [`decide`] is the one door for both, [`State`] the fold over both.
//!
//! Invariants: `decide` and `apply` are pure; a refusal says why and what would have to be different.

pub mod change;
pub mod freeze;

mod fold;
mod perform;

pub use fold::{State, read_change};
pub use perform::{Command, Event, Recorded, decide};

pub use governance::record::ITSELF;

use crate::gate::GateFacts;

/// What `decide` is told about the world.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// The playbook, the council's record, the moment, and who asks.
    pub council: governance::Facts<'a>,
    /// The record of changes and freezes so far.
    pub record: &'a State,
    /// What the gate is told.
    pub gate: &'a GateFacts,
}

impl Facts<'_> {
    /// Whether council itself asks.
    pub(crate) fn is_itself(&self) -> bool {
        self.council.actor == ITSELF
    }
}
