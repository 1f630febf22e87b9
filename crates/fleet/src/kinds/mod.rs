//! What the playbook may declare about bare metal, one file a kind.

mod baseline;
mod boot_profile;
mod failover_plan;
mod hardware_model;
mod image;
mod image_version;
mod machine;
mod provisioner;
mod rack;
mod role;
mod waiver;

pub use baseline::{Baseline, Control, ControlArea, Settings};
pub use boot_profile::{
    Account, Answers, BootFiles, BootProfile, Handover, Layout, NetworkBoot, SetupMethod,
};
pub use failover_plan::{FailoverPlan, FailoverStep};
pub use hardware_model::{Disks, Gpus, HardwareModel};
pub use image::{Distribution, Image};
pub use image_version::{Channel, ImageVersion};
pub use machine::{Intent, Machine};
pub use provisioner::{Provisioner, ProvisionerSoftware, Scope, Settlement};
pub use rack::Rack;
pub use role::Role;
pub use waiver::Waiver;
