//! What the playbook may declare about virtualization and tenants, one file a kind.

mod stack;
mod tenancy_model;

pub use stack::{Phase, Software, Stack};
pub use tenancy_model::{ChargeMode, Quota, QuotaResource, Settlement, TenancyModel};
