//! The Platform & Virtualization Engineer's room: stacks, and how tenants share them.
//!
//! Invariants: pure; a quota is a number with a unit or an honest gap, never a guess.
//!
//! Absent on purpose: the clouds themselves. Projects and quotas of a running OpenStack or Proxmox
//! are observations, compared with what is declared here.

mod checks;
mod document;
mod kinds;
mod vocabulary;

pub use document::document_parts;
pub use kinds::{
    ChargeMode, Phase, Quota, QuotaResource, Settlement, Software, Stack, TenancyModel,
};
pub use vocabulary::vocabulary;
