//! Whom "everyone" means.

use playbook::{Ref, kind};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Profile, Team};

/// A group of listeners, such as "everyone" or "all product teams".
///
/// Responsibilities inform audiences, so that the sentence "all engineers are told" means the same
/// people everywhere. `everyone: true` means all people; otherwise all members of the named teams
/// and of all teams with one of the profiles.
///
/// ```yaml
/// apiVersion: council/v1
/// kind: Audience
/// metadata:
///   name: all-engineers
///   title: All engineers
/// spec:
///   profiles: [backend, data, ml-research, platform]
///   teams: [payments]
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Audience {
    /// All people of the organization.
    #[serde(default)]
    pub everyone: bool,
    /// Members of all teams with these profiles.
    #[serde(default)]
    pub profiles: Vec<Profile>,
    /// Members of these teams.
    #[serde(default)]
    pub teams: Vec<Ref<Team>>,
}

kind!(Audience, "audience");
