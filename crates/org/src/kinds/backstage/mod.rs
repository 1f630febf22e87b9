//! Backstage entities (`backstage.io/v1alpha1`), read as they stand.
//!
//! A Component becomes a [`Service`](super::Service), a Group a [`Team`](super::Team), a User a
//! [`Person`](super::Person); API, System, Domain and Resource are kinds of their own. Their
//! references, `[kind:][namespace/]name`, are translated into ours, and resolved like ours.
//!
//! Unknown fields of a `spec` are ignored, because catalogs extend entities freely. Namespaces are
//! read and dropped: a name must be unique in its kind over all namespaces.
//!
//! Absent on purpose: Location and Template (they say nothing about who owns what), and the
//! definitions of APIs, which belong to the service's repository.

mod api;
mod component;
mod domain;
mod entity_reference;
mod group;
mod resource;
mod system;
mod user;

pub use api::{Api, ApiEntity};
pub use component::ComponentEntity;
pub use domain::{Domain, DomainEntity};
pub use entity_reference::EntityReference;
pub use group::GroupEntity;
pub use resource::{CatalogResource, ResourceEntity};
pub use system::{System, SystemEntity};
pub use user::UserEntity;

/// The `apiVersion` of all entities that are read.
const API_VERSION: &str = "backstage.io/v1alpha1";

#[cfg(test)]
mod tests;
