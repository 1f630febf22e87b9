//! A person.

use std::collections::BTreeMap;

use jiff::civil::Date;
use playbook::{Ref, Spanned, kind};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Hours, Team};

/// A person who works for the organization.
///
/// `joined` and `leaves` are days: the person is here from `joined` on and no longer on the day
/// `leaves`. Whoever has left must not hold anything any more; the rules say where they still do.
/// Time zone and working hours default to the organization's.
///
/// ```yaml
/// apiVersion: council/v1
/// kind: Person
/// metadata:
///   name: ana
///   title: Ana Example
/// spec:
///   email: ana@example.org
///   handles: {github: ana-example}
///   ssh_keys:
///     - ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f ana@example
///   time_zone: Europe/Lisbon
///   country: PT
///   joined: 2024-03-01
///   working_hours: {from: "08:00", to: "16:30"}
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Person {
    /// Where mail reaches them.
    #[serde(default)]
    pub email: Option<Spanned<String>>,
    /// Where a call reaches them, with country code.
    #[serde(default)]
    pub phone: Option<Spanned<String>>,
    /// Names on other systems: `{github: ana-example, matrix: "@ana:example.org"}`.
    #[serde(default)]
    pub handles: BTreeMap<String, Spanned<String>>,
    /// Public SSH keys, one line each as in `authorized_keys`.
    #[serde(default)]
    pub ssh_keys: Vec<Spanned<String>>,
    /// Where their clock stands, such as `Europe/Lisbon`; the organization's when left out.
    #[serde(default)]
    pub time_zone: Option<Spanned<String>>,
    /// Whose public holidays they keep: `PT`, or `PT-20` for a part of a country.
    #[serde(default)]
    pub country: Option<Spanned<String>>,
    /// The first day.
    #[serde(default)]
    pub joined: Option<Spanned<Date>>,
    /// The first day on which they are no longer here.
    #[serde(default)]
    pub leaves: Option<Spanned<Date>>,
    /// When they work, on their own clock; the organization's business hours when left out.
    #[serde(default)]
    pub working_hours: Option<Hours>,
    /// Days on which they are away and their backup stands in, such as a parental leave.
    #[serde(default)]
    pub away: Vec<Away>,
    /// Teams they belong to, beside those that list them as members.
    #[serde(default)]
    pub member_of: Vec<Ref<Team>>,
}

/// A stretch of days on which a person is away.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Away {
    /// The first day away.
    pub from: Spanned<Date>,
    /// The last day away.
    pub to: Spanned<Date>,
}

impl Person {
    /// Says whether the person works here on a day: joined, and not left.
    pub fn is_here(&self, day: Date) -> bool {
        let joined = self.joined.as_ref().is_none_or(|joined| joined.value <= day);
        joined && !self.has_left(day)
    }

    /// Says whether the person has left by a day.
    pub fn has_left(&self, day: Date) -> bool {
        self.leaves.as_ref().is_some_and(|leaves| leaves.value <= day)
    }

    /// Says whether the person is away on a day.
    pub fn is_away(&self, day: Date) -> bool {
        self.away.iter().any(|away| away.from.value <= day && day <= away.to.value)
    }
}

kind!(Person, "person");
