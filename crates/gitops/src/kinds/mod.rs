//! What the playbook may declare about repositories, changes and core services, one file a kind.

mod ansible_standard;
mod branch_policy;
mod change_policy;
mod change_rule;
mod change_template;
mod core_service;
mod freeze;
mod gate_policy;
mod pipeline;
mod repository;
mod secret;
mod secret_policy;
mod target;

pub use ansible_standard::{AnsibleStandard, InventoryStandard, RoleDomain};
pub use branch_policy::{BranchPattern, BranchPolicy};
pub use change_policy::{Apply, ChangePolicy, Reviews, Validation};
pub use change_rule::{ChangeRule, StepAction, Touches};
pub use change_template::{ChangeTemplate, TemplateSection};
pub use core_service::{CoreService, Function, Settlement};
pub use freeze::{Between, Freeze, FreezeScope, FreezeWindow, Holidays, Recurs};
pub use gate_policy::{GatePolicy, TimeLimits};
pub use pipeline::{Pipeline, PipelineApply, PipelineStep, PipelineSystem};
pub use repository::{Provider, Repository};
pub use secret::{InKms, InSops, InVault, Keeper, Secret};
pub use secret_policy::{SecretException, SecretPolicy};
pub use target::{
    AnsibleTarget, Directory, GitTarget, HttpTarget, Placed, Reload, Target, TerraformTarget, Via,
};
