//! Self-service: something that people can have without asking anybody.

use org::kinds::Seat;
use playbook::Ref;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Self-service: something that users of the platform can get or see by themselves.
///
/// ```yaml
/// apiVersion: council/v1
/// kind: SelfService
/// metadata:
///   name: request-gpus
///   title: Request GPUs
/// spec:
///   gives: A number of GPUs for a stated time.
///   through: [api, cli]
///   offer: planned
///   owner: developer-experience
/// ```
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SelfService {
    /// What one gets.
    pub gives: String,
    /// How one asks for it.
    pub through: Vec<Interface>,
    /// Whether it exists yet.
    pub offer: Offer,
    /// The seat that answers for it.
    pub owner: Option<Ref<Seat>>,
    /// Limits, approvals, what to expect.
    pub notes: Option<String>,
}

/// How one asks.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Interface {
    /// A program asks.
    Api,
    /// At the command line.
    Cli,
    /// In the browser.
    Web,
}

/// Whether something exists yet.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Offer {
    /// Wanted, not built.
    Planned,
    /// Some can use it.
    Preview,
    /// Everybody can use it.
    Available,
}

playbook::kind!(SelfService, "self-service");
