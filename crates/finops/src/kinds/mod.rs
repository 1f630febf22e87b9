//! What the playbook may declare about cost and capacity, one file a kind.

mod asset_tracking;
mod capacity_cycle;
mod cost_component;
mod cost_mapping;

pub use asset_tracking::{AssetTracking, Effort};
pub use capacity_cycle::{Cadence, CapacityCycle, CycleStep, RitualReference};
pub use cost_component::{CostClass, CostComponent};
pub use cost_mapping::CostMapping;
