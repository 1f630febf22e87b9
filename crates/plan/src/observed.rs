//! What is: known, absent, or unknown since when and why.
//!
//! The third value is the point. A resource that nobody reported is absent only when its target answered *completely*;
//! when the target was silent, it is unknown, and a planner may neither make it again nor destroy it.
//!
//! Targets report what council manages in them (by a list of what it wrote, by a label), never everything that is there:
//! what is reported as known and is not desired will be destroyed.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::resource::{Fields, Marks, ResourceId};

/// What a target says about one resource.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Observed {
    /// It is there.
    Known {
        /// Its fields.
        fields: Fields,
        /// When that was true.
        at: Timestamp,
    },
    /// It is not there.
    Absent {
        /// When that was true.
        at: Timestamp,
    },
    /// Nobody can say.
    Unknown {
        /// Since when; none if it has never been seen.
        since: Option<Timestamp>,
        /// Why, in a sentence for a person.
        why: String,
    },
}

/// How a target answered when it was asked for all of its resources.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Coverage {
    /// It listed everything that council manages in it.
    Complete {
        /// When.
        at: Timestamp,
    },
    /// It did not, or not to the end.
    Silent {
        /// Since when; none if it never answered.
        since: Option<Timestamp>,
        /// Why, in a sentence for a person.
        why: String,
    },
}

/// Everything that was observed, of any number of targets.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(from = "Listed", into = "Listed")]
pub struct Observations {
    resources: BTreeMap<ResourceId, Observed>,
    marks: BTreeMap<ResourceId, Marks>,
    coverage: BTreeMap<String, Coverage>,
}

impl Observations {
    /// Nothing observed yet: every resource is unknown.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Observations of one target that listed everything that council manages in it.
    pub fn complete(target: impl Into<String>, at: Timestamp) -> Self {
        let coverage = BTreeMap::from([(target.into(), Coverage::Complete { at })]);
        Self { coverage, ..Self::default() }
    }

    /// Observations of one target that did not answer.
    pub fn silent(
        target: impl Into<String>,
        since: Option<Timestamp>,
        why: impl Into<String>,
    ) -> Self {
        let silent = Coverage::Silent { since, why: why.into() };
        Self { coverage: BTreeMap::from([(target.into(), silent)]), ..Self::default() }
    }

    /// Adds what is said about a resource.
    pub fn insert(&mut self, id: ResourceId, observed: Observed) {
        self.resources.insert(id, observed);
    }

    /// Adds what is known about a resource besides its fields.
    pub fn mark(&mut self, id: ResourceId, marks: Marks) {
        self.marks.insert(id, marks);
    }

    /// Adds what other targets said; for a target that both know, `other` counts.
    pub fn extend(&mut self, other: Self) {
        self.resources.extend(other.resources);
        self.marks.extend(other.marks);
        self.coverage.extend(other.coverage);
    }

    /// What is said about a resource, if anything: by itself, or by how completely its target answered.
    #[must_use]
    pub fn of(&self, id: &ResourceId) -> Observed {
        if let Some(observed) = self.resources.get(id) {
            return observed.clone();
        }
        self.unlisted(&id.target)
    }

    /// What a target said about a resource by itself.
    #[must_use]
    pub fn get(&self, id: &ResourceId) -> Option<&Observed> {
        self.resources.get(id)
    }

    /// What a resource is that the target did not list.
    #[must_use]
    pub fn unlisted(&self, target: &str) -> Observed {
        match self.coverage.get(target) {
            Some(Coverage::Complete { at }) => Observed::Absent { at: *at },
            Some(Coverage::Silent { since, why }) => {
                Observed::Unknown { since: *since, why: why.clone() }
            }
            None => {
                Observed::Unknown { since: None, why: format!("`{target}` has not been asked yet") }
            }
        }
    }

    /// What is known about a resource besides its fields.
    #[must_use]
    pub fn marks(&self, id: &ResourceId) -> Option<&Marks> {
        self.marks.get(id)
    }

    /// Every resource that a target said something about, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&ResourceId, &Observed)> {
        self.resources.iter()
    }

    /// The same, each with what is known of it besides its fields.
    pub(crate) fn marked(
        &self,
    ) -> impl Iterator<Item = (&ResourceId, (&Observed, Option<&Marks>))> {
        let mut marks = self.marks.iter().peekable();
        self.resources.iter().map(move |(id, observed)| {
            while marks.next_if(|(marked, _)| *marked < id).is_some() {}
            let marks = marks.next_if(|(marked, _)| *marked == id).map(|(_, marks)| marks);
            (id, (observed, marks))
        })
    }

    /// How each target answered.
    #[must_use]
    pub fn coverage(&self) -> &BTreeMap<String, Coverage> {
        &self.coverage
    }
}

/// The form in JSON: lists, because names of resources are no keys there.
#[derive(Serialize, Deserialize)]
struct Listed {
    coverage: BTreeMap<String, Coverage>,
    resources: Vec<Item>,
}

#[derive(Serialize, Deserialize)]
struct Item {
    resource: ResourceId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    observed: Option<Observed>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    marks: Option<Marks>,
}

impl From<Observations> for Listed {
    fn from(observations: Observations) -> Self {
        let Observations { resources, mut marks, coverage } = observations;
        let mut items: Vec<Item> = resources
            .into_iter()
            .map(|(resource, observed)| {
                let marks = marks.remove(&resource);
                Item { resource, observed: Some(observed), marks }
            })
            .collect();
        items.extend(marks.into_iter().map(|(resource, marks)| Item {
            resource,
            observed: None,
            marks: Some(marks),
        }));
        Self { coverage, resources: items }
    }
}

impl From<Listed> for Observations {
    fn from(listed: Listed) -> Self {
        let mut observations = Self { coverage: listed.coverage, ..Self::default() };
        for Item { resource, observed, marks } in listed.resources {
            if let Some(marks) = marks {
                observations.marks.insert(resource.clone(), marks);
            }
            if let Some(observed) = observed {
                observations.resources.insert(resource, observed);
            }
        }
        observations
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at() -> Timestamp {
        Timestamp::UNIX_EPOCH
    }

    #[test]
    fn what_a_complete_answer_leaves_out_is_absent_and_what_silence_leaves_out_is_unknown() {
        let mut observations = Observations::complete("a", at());
        observations.extend(Observations::silent("b", Some(at()), "connection refused"));
        let of = |target: &str| observations.of(&ResourceId::new(target, "file", "x"));
        assert_eq!(of("a"), Observed::Absent { at: at() });
        assert!(matches!(of("b"), Observed::Unknown { since: Some(_), .. }));
        assert!(matches!(of("c"), Observed::Unknown { since: None, .. }));
    }

    #[test]
    fn observations_go_through_json_unharmed() {
        let id = ResourceId::new("a", "file", "x");
        let mut observations = Observations::complete("a", at());
        let fields = Fields::from([("mode".to_owned(), 420.into())]);
        observations.insert(id.clone(), Observed::Known { fields, at: at() });
        observations.mark(id, Marks { disruptive: true, ..Marks::default() });
        observations.mark(ResourceId::new("a", "file", "y"), Marks::default());
        let text = serde_json::to_string(&observations).unwrap();
        assert_eq!(serde_json::from_str::<Observations>(&text).unwrap(), observations);
    }
}
