//! A Backstage System.

use playbook::{Family, Foreign, Kind, OneOf, Ref, Use, kind};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::entity_reference::OWNER;
use super::{Domain, EntityReference};
use crate::kinds::Owner;

/// A system of the catalog: services, APIs and resources that belong together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct System {
    /// The catalog's own word for what it is.
    pub r#type: Option<String>,
    /// Who owns it.
    pub owner: OneOf<Owner>,
    /// The domain that it is a part of.
    pub domain: Option<Ref<Domain>>,
}

kind!(System, "system");

/// A Backstage System, kept as it is.
///
/// ```yaml
/// apiVersion: backstage.io/v1alpha1
/// kind: System
/// metadata:
///   name: billing
/// spec:
///   owner: card-payments
///   domain: money
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SystemEntity {
    /// The catalog's own word for what it is.
    #[serde(default)]
    pub r#type: Option<String>,
    /// Who owns it.
    pub owner: EntityReference,
    /// The domain that it is a part of.
    #[serde(default)]
    pub domain: Option<EntityReference>,
}

impl Foreign for SystemEntity {
    const API_VERSION: &'static str = super::API_VERSION;
    const KIND: &'static str = "System";
    type Becomes = System;

    fn adopt(self) -> System {
        System {
            r#type: self.r#type,
            owner: self.owner.to_one_of(OWNER),
            domain: self.domain.as_ref().map(EntityReference::to),
        }
    }

    fn references(&self) -> Vec<Use> {
        let domain = self.domain.iter().map(|domain| domain.note(&[Domain::SLUG], Domain::SLUG));
        std::iter::once(self.owner.note(Owner::SLUGS, OWNER)).chain(domain).collect()
    }
}
