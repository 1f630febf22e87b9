//! What the playbook may declare about repositories, changes and core services, one file a kind.

mod ansible_standard;
mod branch_policy;
mod change_policy;
mod change_template;
mod core_service;
mod repository;
mod secret_policy;

pub use ansible_standard::{AnsibleStandard, InventoryStandard, RoleDomain};
pub use branch_policy::{BranchPattern, BranchPolicy};
pub use change_policy::{Apply, ChangePolicy, Reviews, Validation};
pub use change_template::{ChangeTemplate, TemplateSection};
pub use core_service::{CoreService, Function, Settlement};
pub use repository::{Provider, Repository};
pub use secret_policy::SecretPolicy;
