//! A service.

use playbook::{OneOf, Ref, Spanned, kind};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::backstage::{Api, CatalogResource, System};
use super::{Environment, Owner, Site};

/// Software that runs for somebody, with an owner who answers for it.
///
/// A Backstage Component is a service too, read as it stands. `depends_on` names services without
/// which this one does not work; the chain must end somewhere, and a cycle is an error.
///
/// ```yaml
/// apiVersion: council/v1
/// kind: Service
/// metadata:
///   name: checkout
///   title: Checkout
/// spec:
///   owner: team/payments
///   tier: critical
///   kind: user-facing
///   lifecycle: production
///   environments: [production]
///   sites: [eu-1]
///   depends_on: []
///   repository: example/checkout
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Service {
    /// Who answers for it.
    #[serde(default)]
    pub owner: Option<OneOf<Owner>>,
    /// How much depends on it.
    #[serde(default)]
    pub tier: Option<ServiceTier>,
    /// Who uses it.
    #[serde(default)]
    pub kind: Option<ServiceKind>,
    /// How grown up it is; `production` when left out.
    #[serde(default)]
    pub lifecycle: Option<Spanned<Lifecycle>>,
    /// The environments that it runs in.
    #[serde(default)]
    pub environments: Vec<Ref<Environment>>,
    /// The sites that it runs on; those of its environments when left out.
    #[serde(default)]
    pub sites: Vec<Ref<Site>>,
    /// Services without which it does not work.
    #[serde(default)]
    pub depends_on: Vec<Ref<Self>>,
    /// Where its source is.
    #[serde(default)]
    pub repository: Option<String>,
    /// The catalog's system that it is a part of.
    #[serde(default)]
    pub system: Option<Ref<System>>,
    /// The catalog's APIs that it offers.
    #[serde(default)]
    pub provides_apis: Vec<Ref<Api>>,
    /// The catalog's APIs that it calls.
    #[serde(default)]
    pub consumes_apis: Vec<Ref<Api>>,
    /// The catalog's resources that it needs, such as databases.
    #[serde(default)]
    pub needs: Vec<Ref<CatalogResource>>,
    /// Whether it was read from a catalog entity, which can say nothing of environments and sites.
    #[serde(skip)]
    pub from_catalog: bool,
}

/// How much depends on a service.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum ServiceTier {
    /// The company stops when it stops.
    Critical,
    /// Customers notice within the hour.
    Important,
    /// Somebody notices within the day.
    Standard,
}

/// Who uses a service.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum ServiceKind {
    /// Customers.
    UserFacing,
    /// Other services and colleagues.
    Internal,
}

/// How grown up a service is.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Lifecycle {
    /// Customers rely on it.
    Production,
    /// Nobody should rely on it yet.
    Experimental,
    /// Nobody should rely on it any more.
    Deprecated,
}

kind!(Service, "service");
