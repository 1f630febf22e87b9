//! The Principal SRE & Bare-Metal Architect's room: provisioners, images, roles, machines, failover.
//!
//! Invariants: pure; a machine role names its image and baseline, so that what a machine is for
//! decides what it gets.
//!
//! What provisioners report comes in as plain [`lifecycle::Sighting`]s; [`lifecycle`] says in one vocabulary how far each
//! machine is, what it waits for and why it is stuck, and [`views`] holds that against what the playbook declares.
//!
//! [`render`] turns the same declarations into what a machine reads while it boots and is set up.
//! [`hardening`] holds what audits found against what baselines demand today, and keeps the record of it.
//! [`plan`] holds both against each other as resources of a plan, and says the single moves that close the gap.
//!
//! Absent on purpose: asking provisioners. This room judges what somebody else has seen.

mod checks;
mod document;
pub mod hardening;
pub mod import;
mod kinds;
pub mod lifecycle;
pub mod mac;
pub mod plan;
pub mod render;
pub mod views;
mod vocabulary;

pub use document::document_parts;
pub use kinds::{
    Account, Answers, Baseline, BootFiles, BootProfile, Channel, Control, ControlArea, Disks,
    Distribution, FailoverPlan, FailoverStep, Gpus, Handover, HardwareModel, Image, ImageVersion,
    Intent, Layout, Machine, NetworkBoot, Provisioner, ProvisionerSoftware, Rack, Role, Scope,
    Settings, Settlement, SetupMethod, Waiver,
};
pub use vocabulary::vocabulary;
