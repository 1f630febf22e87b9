//! Template: a start that somebody else has already got right.

use org::kinds::Seat;
use playbook::{OneOf, Ref};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Offer, UserProfile};

playbook::family! {
    /// A repository that holds the source of something.
    pub SourceRepository = "repository"
}

/// A template: a start for new work that already follows the standards.
///
/// ```yaml
/// apiVersion: council/v1
/// kind: Template
/// metadata:
///   name: service-scaffold
/// spec:
///   class: application
///   gives: A service that builds, answers health checks and exports metrics.
///   offer: available
///   repository: repository/platform-templates
///   for: [backend-engineer]
///   owner: developer-experience
/// ```
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Template {
    /// What it is a start for.
    pub class: TemplateClass,
    /// What one has after using it.
    pub gives: String,
    /// Whether it exists yet.
    pub offer: Offer,
    /// Where it is kept.
    pub repository: Option<OneOf<SourceRepository>>,
    /// Whom it is made for; none means everybody.
    #[serde(default, rename = "for")]
    pub profiles: Vec<Ref<UserProfile>>,
    /// The seat that answers for it.
    pub owner: Option<Ref<Seat>>,
}

/// What a template is a start for.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum TemplateClass {
    /// A whole application.
    Application,
    /// Building, testing and delivering.
    Pipeline,
    /// Running it: charts or manifests.
    Deployment,
    /// A dashboard or alerts.
    Observability,
}

playbook::kind!(Template, "template");
