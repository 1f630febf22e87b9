//! The council's vocabulary: who there is, who holds what, and where things run.
//!
//! Kinds ([`kinds`]) are what the playbook may declare: the organization, people, offices, teams,
//! audiences, seats, sites, environments, services, workloads, and Backstage's entities as they
//! stand. Rules (`checks`) say what must hold among them.
//!
//! One ownership graph ([`Graph`]) knows who holds what; one lens ([`Roster`]) knows who is here on
//! a day. On them stand `who` (who decides, approves, is consulted, told, backs up), `whatif` (what
//! breaks when somebody leaves) and the read models ([`views`]).
//!
//! Invariants: everything here is a pure function of the model, the facts and its arguments; every
//! answer carries its reasons; the cost is linear in the size of the playbook.
//!
//! Absent on purpose: decisions, responsibilities by area and rituals (they are `governance`), the
//! clock, the network, the disk.

pub mod calendar;
mod checks;
pub mod coverage;
mod currency;
mod cycles;
pub mod glob;
mod graph;
mod holdings;
pub mod holidays;
pub mod kinds;
mod roster;
mod ssh_key;
mod subject;
mod suggest;
pub mod views;
mod vocabulary;
pub mod whatif;
pub mod who;
pub mod words;

pub use graph::{Graph, Hold};
pub use kinds::{Covers, Holder, Listener, Owner, Steward};
pub use roster::{Duty, Presence, Roster, Standing};
pub use subject::{Match, Subject};
pub use vocabulary::vocabulary;
