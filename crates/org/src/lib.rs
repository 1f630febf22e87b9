//! The council's vocabulary: who there is, who holds what, and where things run.
//!
//! Kinds (`kinds`) are what the playbook may declare: the organization, people, offices, teams,
//! audiences, seats, sites, environments, services, workloads, and Backstage's entities as they
//! stand. Rules (`checks`) say what must hold among them.
//!
//! Invariants: everything here is a pure function of the model, the facts and its arguments.
//!
//! Absent on purpose: decisions, responsibilities by area and rituals (they are `governance`), the
//! clock, the network, the disk.

mod checks;
pub mod kinds;
#[cfg(test)]
mod testing;
mod vocabulary;

pub use kinds::{Covers, Holder, Listener, Owner, Steward};
pub use vocabulary::vocabulary;
