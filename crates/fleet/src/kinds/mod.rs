//! What the playbook may declare about bare metal, one file a kind.

mod baseline;
mod boot_profile;
mod failover_plan;
mod image;
mod image_version;
mod machine;
mod provisioner;
mod role;

pub use baseline::{Baseline, Control, ControlArea};
pub use boot_profile::{BootProfile, NetworkBoot, SetupMethod};
pub use failover_plan::{FailoverPlan, FailoverStep};
pub use image::{Distribution, Image};
pub use image_version::{Channel, ImageVersion};
pub use machine::Machine;
pub use provisioner::{Provisioner, ProvisionerSoftware, Scope, Settlement};
pub use role::Role;
