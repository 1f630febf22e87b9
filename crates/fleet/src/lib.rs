//! The Principal SRE & Bare-Metal Architect's room: provisioners, images, roles, machines, failover.
//!
//! Invariants: pure; a machine role names its image and baseline, so that what a machine is for
//! decides what it gets.
//!
//! Absent on purpose: what a machine is made of and the software that manages it. Both are observed,
//! not declared here.

mod checks;
mod document;
mod kinds;
mod vocabulary;

pub use document::document_parts;
pub use kinds::{
    Baseline, BootProfile, Channel, Control, ControlArea, Distribution, FailoverPlan, FailoverStep,
    Image, ImageVersion, Machine, NetworkBoot, Provisioner, ProvisionerSoftware, Role, Scope,
    Settlement, SetupMethod,
};
pub use vocabulary::vocabulary;
