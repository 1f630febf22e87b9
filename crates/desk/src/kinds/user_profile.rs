//! User profile: a sort of person who uses the platform, and what they come for.

use playbook::{OneOf, Ref};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Guide;

playbook::family! {
    /// Those whom a profile describes.
    pub Users = "audience" | "team"
}

/// A user profile: a sort of person who uses the platform.
///
/// ```yaml
/// apiVersion: council/v1
/// kind: UserProfile
/// metadata:
///   name: data-engineer
///   title: Data engineers
/// spec:
///   builds: [Pipelines, batch jobs]
///   needs: [Storage that grows, a scheduler]
///   who: audience/data-engineers
///   starts_with: how-to-use-the-platform
/// ```
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct UserProfile {
    /// What these people make.
    pub builds: Vec<String>,
    /// What they want of the platform.
    #[serde(default)]
    pub needs: Vec<String>,
    /// Who they are.
    pub who: Option<OneOf<Users>>,
    /// What they read first.
    pub starts_with: Option<Ref<Guide>>,
}

playbook::kind!(UserProfile, "user-profile");
