//! A Backstage User.

use playbook::{Foreign, Kind, Use};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::EntityReference;
use super::group::EntityProfile;
use crate::kinds::{Person, Team};

/// A Backstage User, which becomes a person.
///
/// A user says nothing of joining, leaving or time zones; a Person of our own does.
///
/// ```yaml
/// apiVersion: backstage.io/v1alpha1
/// kind: User
/// metadata:
///   name: carla
/// spec:
///   profile: {displayName: Carla Example, email: carla@example.org}
///   memberOf: [card-payments]
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct UserEntity {
    /// How they are shown and reached.
    #[serde(default)]
    pub profile: Option<EntityProfile>,
    /// The groups that they belong to.
    #[serde(default)]
    pub member_of: Vec<EntityReference>,
}

impl Foreign for UserEntity {
    const API_VERSION: &'static str = super::API_VERSION;
    const KIND: &'static str = "User";
    type Becomes = Person;

    fn adopt(self) -> Person {
        Person {
            email: self.profile.and_then(|profile| profile.email),
            member_of: self.member_of.iter().map(EntityReference::to).collect(),
            ..Person::default()
        }
    }

    fn references(&self) -> Vec<Use> {
        self.member_of.iter().map(|team| team.note(&[Team::SLUG], Team::SLUG)).collect()
    }
}
