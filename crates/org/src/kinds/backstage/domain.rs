//! A Backstage Domain.

use playbook::{Family, Foreign, Kind, OneOf, Ref, Use, kind};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::EntityReference;
use super::entity_reference::OWNER;
use crate::kinds::Owner;

/// A domain of the catalog: systems that serve the same part of the business.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Domain {
    /// The catalog's own word for what it is.
    pub r#type: Option<String>,
    /// Who owns it.
    pub owner: OneOf<Owner>,
    /// The domain that it is a part of.
    pub parent: Option<Ref<Self>>,
}

kind!(Domain, "domain");

/// A Backstage Domain, kept as it is.
///
/// ```yaml
/// apiVersion: backstage.io/v1alpha1
/// kind: Domain
/// metadata:
///   name: money
/// spec:
///   owner: card-payments
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DomainEntity {
    /// The catalog's own word for what it is.
    #[serde(default)]
    pub r#type: Option<String>,
    /// Who owns it.
    pub owner: EntityReference,
    /// The domain that it is a part of.
    #[serde(default)]
    pub subdomain_of: Option<EntityReference>,
}

impl Foreign for DomainEntity {
    const API_VERSION: &'static str = super::API_VERSION;
    const KIND: &'static str = "Domain";
    type Becomes = Domain;

    fn adopt(self) -> Domain {
        Domain {
            r#type: self.r#type,
            owner: self.owner.to_one_of(OWNER),
            parent: self.subdomain_of.as_ref().map(EntityReference::to),
        }
    }

    fn references(&self) -> Vec<Use> {
        let parent = self.subdomain_of.iter();
        let parent = parent.map(|parent| parent.note(&[Domain::SLUG], Domain::SLUG));
        std::iter::once(self.owner.note(Owner::SLUGS, OWNER)).chain(parent).collect()
    }
}
