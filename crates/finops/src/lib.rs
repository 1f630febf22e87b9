//! The FinOps & Capacity Planner's room: what the platform costs, for whom, and when it is full.
//!
//! Invariants: pure; no amount of money is a floating-point number (none is declared here yet:
//! prices arrive with purchases and invoices).
//!
//! Absent on purpose: usage data. It is observed, and it is far too much for a playbook.

mod checks;
mod document;
mod kinds;
mod vocabulary;

pub use document::document_parts;
pub use kinds::{
    AssetTracking, Cadence, CapacityCycle, CostClass, CostComponent, CostMapping, CycleStep,
    Effort, RitualReference,
};
pub use vocabulary::vocabulary;
