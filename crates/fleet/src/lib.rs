//! The Principal SRE & Bare-Metal Architect's room: provisioners, images, roles, baselines, failover.
//!
//! Invariants: pure; a machine role names its image and baseline, so that what a machine is for
//! decides what it gets.
//!
//! Absent on purpose: the machines themselves and the software that manages them. Both are observed,
//! not declared here.

mod checks;
mod document;
mod kinds;
#[cfg(test)]
mod testing;
mod vocabulary;

pub use document::document_parts;
pub use kinds::{
    Baseline, BootProfile, Channel, Control, ControlArea, Distribution, FailoverPlan, FailoverStep,
    Image, ImageVersion, NetworkBoot, Provisioner, ProvisionerSoftware, Role, Scope, Settlement,
    SetupMethod,
};
pub use vocabulary::vocabulary;
