//! An environment.

use playbook::{OneOf, Ref, kind};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Owner, Site};

/// Where a version of the services runs: production, staging, development.
///
/// ```yaml
/// apiVersion: council/v1
/// kind: Environment
/// metadata:
///   name: production
/// spec:
///   tier: production
///   sites: [eu-1]
///   owner: seat/principal-sre
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Environment {
    /// How much depends on it.
    pub tier: EnvironmentTier,
    /// The sites that it spans.
    #[serde(default)]
    pub sites: Vec<Ref<Site>>,
    /// Who answers for it.
    #[serde(default)]
    pub owner: Option<OneOf<Owner>>,
}

/// How much depends on an environment.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum EnvironmentTier {
    /// Customers do.
    Production,
    /// The next release does.
    Staging,
    /// One engineer does.
    Development,
}

kind!(Environment, "environment");
