//! A team.

use jiff::civil::Date;
use playbook::{Ref, Spanned, kind};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Person;

/// A group of people who work on the same things.
///
/// The profile says what kind of user of the platform the team is; audiences select by it. A team
/// that was dissolved keeps its file with the day, so that whatever it still owns is found.
///
/// ```yaml
/// apiVersion: council/v1
/// kind: Team
/// metadata:
///   name: payments
///   title: Payments
/// spec:
///   profile: backend
///   lead: ana
///   members: [ana]
///   channel: "#payments"
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Team {
    /// What kind of user of the platform it is.
    #[serde(default)]
    pub profile: Profile,
    /// Who leads it.
    #[serde(default)]
    pub lead: Option<Ref<Person>>,
    /// Who belongs to it; people may also say so themselves with `member_of`.
    #[serde(default)]
    pub members: Vec<Ref<Person>>,
    /// The team it is a part of.
    #[serde(default)]
    pub parent: Option<Ref<Self>>,
    /// Where it is reached, such as a chat channel.
    #[serde(default)]
    pub channel: Option<String>,
    /// The first day on which it no longer exists.
    #[serde(default)]
    pub dissolved: Option<Spanned<Date>>,
}

/// What kind of user of the platform a team is.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Profile {
    /// Builds APIs and services.
    Backend,
    /// Builds data pipelines.
    Data,
    /// Trains and serves models.
    MlResearch,
    /// Decides what is built.
    Product,
    /// Builds the platform itself.
    Platform,
    /// Watches the money.
    Finance,
    /// Hires and cares.
    People,
    /// Anything else.
    #[default]
    Other,
}

impl Team {
    /// Says whether the team no longer exists on a day.
    pub fn is_dissolved(&self, day: Date) -> bool {
        self.dissolved.as_ref().is_some_and(|dissolved| dissolved.value <= day)
    }
}

kind!(Team, "team");
