//! A Backstage Group.

use playbook::{Foreign, Kind, Use};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::EntityReference;
use crate::kinds::{Person, Profile, Team};

/// A Backstage Group, which becomes a team.
///
/// A group's `type` says how the chart is drawn and not what the group works on, so that the team's
/// profile is `other`. Children must exist; the tree is read from the `parent` of each.
///
/// ```yaml
/// apiVersion: backstage.io/v1alpha1
/// kind: Group
/// metadata:
///   name: card-payments
/// spec:
///   type: team
///   profile: {displayName: Card payments}
///   parent: payments
///   children: []
///   members: [carla]
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct GroupEntity {
    /// `team`, `business-unit`, or the catalog's own word.
    pub r#type: String,
    /// How it is shown.
    #[serde(default)]
    pub profile: Option<EntityProfile>,
    /// The group that it is a part of.
    #[serde(default)]
    pub parent: Option<EntityReference>,
    /// The groups that are a part of it.
    pub children: Vec<EntityReference>,
    /// Who belongs to it.
    #[serde(default)]
    pub members: Vec<EntityReference>,
}

/// How a group or a user is shown.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct EntityProfile {
    /// The name that people read.
    #[serde(default)]
    pub display_name: Option<String>,
    /// Where mail reaches it.
    #[serde(default)]
    pub email: Option<playbook::Spanned<String>>,
    /// The address of a picture.
    #[serde(default)]
    pub picture: Option<String>,
}

impl Foreign for GroupEntity {
    const API_VERSION: &'static str = super::API_VERSION;
    const KIND: &'static str = "Group";
    type Becomes = Team;

    fn adopt(self) -> Team {
        Team {
            profile: Profile::Other,
            members: self.members.iter().map(EntityReference::to).collect(),
            parent: self.parent.as_ref().map(EntityReference::to),
            channel: self.profile.and_then(|profile| profile.email).map(|email| email.value),
            ..Team::default()
        }
    }

    fn references(&self) -> Vec<Use> {
        let teams = self.parent.iter().chain(&self.children);
        let members = self.members.iter();
        teams
            .map(|team| team.note(&[Team::SLUG], Team::SLUG))
            .chain(members.map(|member| member.note(&[Person::SLUG], Person::SLUG)))
            .collect()
    }
}
