//! A Backstage API.

use playbook::{Family, Foreign, Kind, OneOf, Ref, Use, kind};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::entity_reference::OWNER;
use super::{EntityReference, System};
use crate::kinds::Owner;

/// An API of the catalog: what it is, how grown up, and who owns it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Api {
    /// `openapi`, `grpc`, or the catalog's own word.
    pub r#type: String,
    /// `production`, `experimental`, `deprecated`, or the catalog's own word.
    pub lifecycle: String,
    /// Who owns it.
    pub owner: OneOf<Owner>,
    /// The system that it is a part of.
    pub system: Option<Ref<System>>,
}

kind!(Api, "api");

/// A Backstage API, kept as it is, without its definition.
///
/// ```yaml
/// apiVersion: backstage.io/v1alpha1
/// kind: API
/// metadata:
///   name: booking
/// spec:
///   type: openapi
///   lifecycle: production
///   owner: card-payments
///   system: billing
///   definition:
///     $text: ./openapi.yaml
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ApiEntity {
    /// `openapi`, `grpc`, or the catalog's own word.
    pub r#type: String,
    /// `production`, `experimental`, `deprecated`, or the catalog's own word.
    pub lifecycle: String,
    /// Who owns it.
    pub owner: EntityReference,
    /// The system that it is a part of.
    #[serde(default)]
    pub system: Option<EntityReference>,
    /// The definition itself, or where it is.
    pub definition: serde_json::Value,
}

impl Foreign for ApiEntity {
    const API_VERSION: &'static str = super::API_VERSION;
    const KIND: &'static str = "API";
    type Becomes = Api;

    fn adopt(self) -> Api {
        Api {
            owner: self.owner.to_one_of(OWNER),
            system: self.system.as_ref().map(EntityReference::to),
            r#type: self.r#type,
            lifecycle: self.lifecycle,
        }
    }

    fn references(&self) -> Vec<Use> {
        let system = self.system.iter().map(|system| system.note(&[System::SLUG], System::SLUG));
        std::iter::once(self.owner.note(Owner::SLUGS, OWNER)).chain(system).collect()
    }
}
