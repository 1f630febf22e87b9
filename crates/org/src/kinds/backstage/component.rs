//! A Backstage Component.

use playbook::{Family, Foreign, Kind, Spanned, Use};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::entity_reference::OWNER;
use super::{Api, CatalogResource, EntityReference, System};
use crate::kinds::{Lifecycle, Owner, Service, ServiceKind};

/// A Backstage Component, which becomes a service.
///
/// `owner` names a group unless it says otherwise; components in `dependsOn` become the services
/// that it depends on, resources what it needs. A component of type `website` is user-facing, of
/// type `service` internal; other types say nothing about it.
///
/// ```yaml
/// apiVersion: backstage.io/v1alpha1
/// kind: Component
/// metadata:
///   name: ledger-writer
///   description: Books payments.
///   annotations: {example.org/anything: goes}
///   tags: [java]
/// spec:
///   type: service
///   lifecycle: production
///   owner: group:default/card-payments
///   system: billing
///   providesApis: [booking]
///   dependsOn: ["component:checkout", "resource:default/bookings"]
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ComponentEntity {
    /// What it is: `service`, `website`, `library`, or the catalog's own word.
    pub r#type: String,
    /// `production`, `experimental`, `deprecated`, or the catalog's own word.
    pub lifecycle: Spanned<String>,
    /// Who owns it.
    pub owner: EntityReference,
    /// The system that it is a part of.
    #[serde(default)]
    pub system: Option<EntityReference>,
    /// The component that it is a part of.
    #[serde(default)]
    pub subcomponent_of: Option<EntityReference>,
    /// The APIs that it offers.
    #[serde(default)]
    pub provides_apis: Vec<EntityReference>,
    /// The APIs that it calls.
    #[serde(default)]
    pub consumes_apis: Vec<EntityReference>,
    /// What it does not work without.
    #[serde(default)]
    pub depends_on: Vec<EntityReference>,
}

impl ComponentEntity {
    /// What it depends on, of one kind of ours.
    fn depends_on(&self, slug: &str) -> impl Iterator<Item = &EntityReference> {
        self.depends_on.iter().filter(move |needed| needed.target(Service::SLUG).0 == slug)
    }
}

impl Foreign for ComponentEntity {
    const API_VERSION: &'static str = super::API_VERSION;
    const KIND: &'static str = "Component";
    type Becomes = Service;

    fn adopt(self) -> Service {
        let lifecycle = match self.lifecycle.as_str() {
            "production" => Some(Lifecycle::Production),
            "experimental" => Some(Lifecycle::Experimental),
            "deprecated" => Some(Lifecycle::Deprecated),
            _ => None,
        };
        Service {
            owner: Some(self.owner.to_one_of::<Owner>(OWNER)),
            kind: match self.r#type.as_str() {
                "website" => Some(ServiceKind::UserFacing),
                "service" => Some(ServiceKind::Internal),
                _ => None,
            },
            lifecycle: lifecycle.map(|value| Spanned { value, span: self.lifecycle.span }),
            depends_on: self.depends_on(Service::SLUG).map(EntityReference::to).collect(),
            needs: self.depends_on(CatalogResource::SLUG).map(EntityReference::to).collect(),
            system: self.system.as_ref().map(EntityReference::to),
            provides_apis: self.provides_apis.iter().map(EntityReference::to).collect(),
            consumes_apis: self.consumes_apis.iter().map(EntityReference::to).collect(),
            from_catalog: true,
            ..Service::default()
        }
    }

    fn references(&self) -> Vec<Use> {
        let owner = self.owner.note(Owner::SLUGS, OWNER);
        let system = self.system.iter().map(|system| system.note(&[System::SLUG], System::SLUG));
        let apis = self.provides_apis.iter().chain(&self.consumes_apis);
        let whole = self.subcomponent_of.iter();
        std::iter::once(owner)
            .chain(system)
            .chain(apis.map(|api| api.note(&[Api::SLUG], Api::SLUG)))
            .chain(whole.map(|whole| whole.note(&[Service::SLUG], Service::SLUG)))
            .chain(
                self.depends_on.iter().map(|needed| {
                    needed.note(&[Service::SLUG, CatalogResource::SLUG], Service::SLUG)
                }),
            )
            .collect()
    }
}
