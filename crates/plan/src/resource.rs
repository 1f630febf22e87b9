//! What should be: resources of targets, with the fields that council manages.
//!
//! A target is a system or a place that council may change; a resource is one thing in it that can be made, changed
//! and destroyed by itself: a file, a VLAN, an alert rule group. Fields are flat names with JSON values
//! (`vlans.tenants.mtu`), so that a plan reads `mtu: 1500 -> 9000`.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::digest::Digest;

/// The fields of a resource by name.
pub type Fields = BTreeMap<String, Value>;

/// Names one thing in one target; shown as `target/kind/name`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ResourceId {
    /// The system or place that it is in, such as `switches-fsn1`; no slash.
    pub target: String,
    /// What sort of thing it is, such as `file`; no slash.
    pub kind: String,
    /// Its name there; may hold slashes.
    pub name: String,
}

impl ResourceId {
    /// Names a resource.
    pub fn new(
        target: impl Into<String>,
        kind: impl Into<String>,
        name: impl Into<String>,
    ) -> Self {
        Self { target: target.into(), kind: kind.into(), name: name.into() }
    }
}

impl fmt::Display for ResourceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}/{}", self.target, self.kind, self.name)
    }
}

/// A text does not name a resource.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` names no resource; write `target/kind/name`, such as `switches/file/vlans.yaml`")]
pub struct InvalidResourceId(String);

impl FromStr for ResourceId {
    type Err = InvalidResourceId;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut parts = text.splitn(3, '/');
        match (parts.next(), parts.next(), parts.next()) {
            (Some(target), Some(kind), Some(name))
                if ![target, kind, name].iter().any(|part| part.is_empty()) =>
            {
                Ok(Self::new(target, kind, name))
            }
            _ => Err(InvalidResourceId(text.to_owned())),
        }
    }
}

/// An amount of money in millionths of its currency; what the plan costs a month is a sum of these.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
pub struct Micros(pub i64);

/// What is known about a resource besides its fields, whether it is wanted or only there.
///
/// A target hands it out with what it observes, so that a destroy, for which no [`Desired`] is left, can still be
/// counted by service and site.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Marks {
    /// `service`, `team`, `tenant`, `site`, … to their names: what a plan is rolled up by.
    pub labels: BTreeMap<String, String>,
    /// What fails together with it: `fsn1/rack-12`. A domain holds those that begin with its path.
    pub failure_domain: Option<String>,
    /// Whether changing it interrupts somebody.
    pub disruptive: bool,
    /// Whether it can be made again as it was from its fields and payload alone. A file can, a disk cannot.
    pub restorable: bool,
    /// What must stand before it.
    pub depends_on: BTreeSet<ResourceId>,
    /// What it costs a month.
    pub cost: Option<Micros>,
    /// What it takes from quotas, by quota.
    pub quota: BTreeMap<String, i64>,
}

/// A resource as it should be.
#[derive(Debug, Clone, PartialEq)]
pub struct Desired {
    /// Its name.
    pub id: ResourceId,
    /// The fields that council manages. Others that the system reports are left alone.
    pub fields: Fields,
    /// Fields that cannot be changed in place: when one differs, the resource is destroyed and made again.
    pub replace_on: BTreeSet<String>,
    /// Fields that together say "this is the same thing under another name", such as a VLAN's number.
    pub identity: BTreeSet<String>,
    /// The name that it had before, if it was renamed.
    pub renamed_from: Option<ResourceId>,
    /// Fields whose values must not appear in a plan.
    pub secret_fields: BTreeSet<String>,
    /// The digest of the bytes to write; the bytes are in [`Artefacts`](crate::Artefacts).
    pub payload: Option<Digest>,
    /// Labels, failure domain, dependencies, cost.
    pub marks: Marks,
}

impl Desired {
    /// A resource with no fields yet.
    #[must_use]
    pub fn new(id: ResourceId) -> Self {
        Self {
            id,
            fields: Fields::new(),
            replace_on: BTreeSet::new(),
            identity: BTreeSet::new(),
            renamed_from: None,
            secret_fields: BTreeSet::new(),
            payload: None,
            marks: Marks::default(),
        }
    }

    /// Sets a field.
    #[must_use]
    pub fn field(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.fields.insert(name.into(), value.into());
        self
    }

    /// Sets a label.
    #[must_use]
    pub fn label(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.marks.labels.insert(name.into(), value.into());
        self
    }

    /// Adds something that must stand before it.
    #[must_use]
    pub fn after(mut self, other: ResourceId) -> Self {
        self.marks.depends_on.insert(other);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_resource_id_is_read_as_it_is_shown() {
        let id = ResourceId::new("lab", "file", "group_vars/all/vlans.yaml");
        assert_eq!(id.to_string().parse(), Ok(id));
    }

    #[test]
    fn a_text_without_three_parts_names_no_resource() {
        for text in ["", "lab", "lab/file", "lab//x", "/file/x", "lab/file/"] {
            assert!(text.parse::<ResourceId>().is_err(), "{text}");
        }
    }
}
