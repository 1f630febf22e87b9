//! A Backstage Resource.

use playbook::{Family, Foreign, Kind, OneOf, Ref, Use, kind};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::entity_reference::OWNER;
use super::{EntityReference, System};
use crate::kinds::{Owner, Service};

/// A resource of the catalog: something that services need, such as a database.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CatalogResource {
    /// `database`, `s3-bucket`, `cluster`, or the catalog's own word.
    pub r#type: String,
    /// Who owns it.
    pub owner: OneOf<Owner>,
    /// The system that it is a part of.
    pub system: Option<Ref<System>>,
}

kind!(CatalogResource, "resource");

/// A Backstage Resource, kept as it is.
///
/// ```yaml
/// apiVersion: backstage.io/v1alpha1
/// kind: Resource
/// metadata:
///   name: bookings
/// spec:
///   type: database
///   owner: card-payments
///   system: billing
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ResourceEntity {
    /// `database`, `s3-bucket`, `cluster`, or the catalog's own word.
    pub r#type: String,
    /// Who owns it.
    pub owner: EntityReference,
    /// What it does not work without.
    #[serde(default)]
    pub depends_on: Vec<EntityReference>,
    /// The system that it is a part of.
    #[serde(default)]
    pub system: Option<EntityReference>,
}

impl Foreign for ResourceEntity {
    const API_VERSION: &'static str = super::API_VERSION;
    const KIND: &'static str = "Resource";
    type Becomes = CatalogResource;

    fn adopt(self) -> CatalogResource {
        CatalogResource {
            owner: self.owner.to_one_of(OWNER),
            system: self.system.as_ref().map(EntityReference::to),
            r#type: self.r#type,
        }
    }

    fn references(&self) -> Vec<Use> {
        let system = self.system.iter().map(|system| system.note(&[System::SLUG], System::SLUG));
        let needed = self.depends_on.iter().map(|needed| {
            needed.note(&[Service::SLUG, CatalogResource::SLUG], CatalogResource::SLUG)
        });
        std::iter::once(self.owner.note(Owner::SLUGS, OWNER)).chain(system).chain(needed).collect()
    }
}
