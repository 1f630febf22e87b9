//! The Automation & GitOps Lead's room: repositories, branches, changes, secrets, core services.
//!
//! Invariants: pure; a policy is data that a gate can evaluate, not prose.
//!
//! Absent on purpose: forges, pipelines and Ansible themselves. They are asked elsewhere whether they
//! follow what is declared here.

pub mod attestation;
pub mod branch;
mod checks;
mod covering;
mod document;
pub mod freeze;
pub mod gate;
pub mod kinds;
pub mod maintenance;
pub mod plan;
pub mod pr;
pub mod record;
pub mod render;
pub mod roles;
pub mod secrets;
#[cfg(test)]
mod testing;
pub mod views;
mod vocabulary;

pub use document::document_parts;
pub use kinds::{
    AnsibleStandard, Apply, BranchPattern, BranchPolicy, ChangePolicy, ChangeTemplate, CoreService,
    Function, InKms, InSops, InVault, InventoryStandard, Keeper, Pipeline, PipelineApply,
    PipelineStep, PipelineSystem, Provider, Repository, Reviews, RoleDomain, Secret,
    SecretException, SecretPolicy, Settlement, TemplateSection, Validation,
};
pub use vocabulary::vocabulary;
