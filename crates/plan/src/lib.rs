//! Plan and execute: what will be done, in which order, and how it survives.
//!
//! ```text
//! desired ──┐
//!           ├─ plan ─▶ Plan: steps + report of what is held back ─ approve by hash ─▶ execute ─▶ targets
//! observed ─┘            pure, deterministic, immutable                journal: intent → effect → result
//! ```
//!
//! Planning and executing are apart. A planner knows what should be and what is, and makes every choice; an executor
//! makes none, it carries out what people read and approved. What always holds:
//! * The same input gives the same plan, byte for byte; a plan is what its [hash](Plan::hash) says.
//! * Nothing is destroyed because a system was silent, and nothing is made and destroyed in one plan for a rename.
//! * Every difference becomes a [`Step`] or a [`Held`] with a reason.
//! * A step's intent is in the journal before anything happens. An older executor is refused by lease and generation.
//!
//! Absent on purpose: a clock, a network, files, randomness (they are arguments), and every domain. The crate does not know
//! what a VLAN, a seat or an approval is.
#![warn(missing_docs)]

mod artefacts;
mod canonical;
mod clock;
mod compare;
mod digest;
pub mod execute;
mod held;
pub mod lifecycle;
mod observed;
mod plan;
mod planner;
mod proposal;
pub mod render;
mod resource;
mod rollback;
mod secret;
mod step;
mod target;
#[cfg(test)]
mod testing;
mod verify;

pub use artefacts::Artefacts;
pub use clock::Clock;
pub use compare::{Changed, Comparison, compare};
pub use digest::Digest;
pub use held::{Held, Reason};
pub use observed::{Coverage, Observations, Observed};
pub use plan::{Content, Plan, Purpose, UnreadablePlan};
pub use planner::{Brake, PAYLOAD_FIELD, Terms, plan};
pub use proposal::{Proposal, Proposed};
pub use resource::{Desired, Fields, InvalidResourceId, Marks, Micros, ResourceId};
pub use rollback::rollback;
pub use secret::FingerprintKey;
pub use step::{Action, FieldChange, Reverts, Step, StepId};
pub use target::{
    Effect, Fault, FaultKind, IdempotencyKey, Job, Limits, Scope, Target, Targets, Work,
};
pub use verify::{Drift, Seen, drift, verify};
