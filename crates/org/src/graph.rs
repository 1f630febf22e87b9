//! The ownership graph: who holds what, who owns what, what needs what.
//!
//! Built once for a model, in time linear in its references; asked by `who`, `whatif`, the rules and
//! the views. Nodes are named as references are (`seat/network-security`). It knows no day: whether a
//! holder is here is the [`Roster`](crate::Roster)'s question.

use std::collections::BTreeMap;
use std::sync::Arc;

use playbook::{Model, Resource};
use schemars::JsonSchema;
use serde::Serialize;

use crate::holdings;
use crate::kinds::{Person, Service, Site};

/// In which way a person holds something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Hold {
    /// Primary of a seat.
    Primary,
    /// Backup of a seat.
    Backup,
    /// Holder of an office.
    Office,
    /// Lead of a team.
    Lead,
    /// Member of a team.
    Member,
    /// Owner, in person, of a service or another thing.
    Owner,
}

impl Hold {
    /// How it is said: "primary of", "lead of".
    pub fn phrase(self) -> &'static str {
        match self {
            Self::Primary => "primary of",
            Self::Backup => "backup of",
            Self::Office => "holder of",
            Self::Lead => "lead of",
            Self::Member => "member of",
            Self::Owner => "owner of",
        }
    }
}

/// Edges of the playbook by both of their ends.
#[derive(Clone, Debug, Default)]
pub struct Graph {
    holdings: BTreeMap<String, Vec<(Hold, String)>>,
    owned: BTreeMap<String, Vec<String>>,
    owner: BTreeMap<String, String>,
    dependents: BTreeMap<String, Vec<String>>,
    members: BTreeMap<String, Vec<String>>,
}

impl Graph {
    /// The edges of a model, read once for it and its copies.
    pub fn shared(model: &Model) -> Arc<Self> {
        model.derived(Self::of)
    }

    /// Reads the edges of a model.
    pub fn of(model: &Model) -> Self {
        let mut graph = Self::default();
        for held in holdings::all(model) {
            graph.hold(held.person, held.hold, held.resource.id.to_string());
        }
        for person in model.all::<Person>() {
            for team in &person.spec.member_of {
                graph.hold(person.name(), Hold::Member, team.to_string());
            }
        }
        for site in model.all::<Site>() {
            site.owner.iter().for_each(|owner| graph.own(site.resource, owner.to_string()));
        }
        for (resource, owner) in holdings::owners(model) {
            graph.own(resource, owner.to_string());
        }
        for service in model.all::<Service>() {
            for needed in &service.depends_on {
                let needed = needed.to_string();
                graph.dependents.entry(needed).or_default().push(service.resource.id.to_string());
            }
        }
        for held in graph.holdings.values_mut() {
            held.sort();
            held.dedup();
        }
        for people in graph.members.values_mut() {
            people.sort();
            people.dedup();
        }
        graph
    }

    fn hold(&mut self, person: &str, hold: Hold, subject: String) {
        if matches!(hold, Hold::Lead | Hold::Member) {
            self.members.entry(subject.clone()).or_default().push(person.to_owned());
        }
        self.holdings.entry(person.to_owned()).or_default().push((hold, subject));
    }

    fn own(&mut self, resource: &Resource, owner: String) {
        let id = resource.id.to_string();
        self.owner.insert(id.clone(), owner.clone());
        self.owned.entry(owner).or_default().push(id);
    }

    /// What a person holds, in the order of importance.
    pub fn held_by(&self, person: &str) -> &[(Hold, String)] {
        self.holdings.get(person).map_or(&[], Vec::as_slice)
    }

    /// Everybody who holds something.
    pub fn holders(&self) -> impl Iterator<Item = &str> {
        self.holdings.keys().map(String::as_str)
    }

    /// What a seat, team or person owns.
    pub fn owned_by(&self, owner: &str) -> &[String] {
        self.owned.get(owner).map_or(&[], Vec::as_slice)
    }

    /// Who owns a resource.
    pub fn owner_of(&self, resource: &str) -> Option<&str> {
        self.owner.get(resource).map(String::as_str)
    }

    /// The services that do not work without a service.
    pub fn dependents_of(&self, service: &str) -> &[String] {
        self.dependents.get(service).map_or(&[], Vec::as_slice)
    }

    /// The people of a team (`team/payments`): members, lead, and those who say so themselves.
    pub fn members_of(&self, team: &str) -> &[String] {
        self.members.get(team).map_or(&[], Vec::as_slice)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vocabulary::TRIAL;

    #[test]
    fn every_edge_is_found_from_both_ends() {
        let workspace = TRIAL.read(
            "Person/ana: {member_of: [core]}
             Seat/net: {owns: x, primary: ana}
             Office/cto: {holder: ana}
             Team/core: {lead: ben}
             Site/eu-1: {role: primary, owner: net}
             Service/api: {owner: team/core, depends_on: [db]}
             Service/db: {owner: person/ana}",
        );
        let graph = Graph::of(workspace.model());
        let held: Vec<_> = graph.held_by("ana").iter().map(|(hold, id)| (*hold, &**id)).collect();
        assert_eq!(
            held,
            [
                (Hold::Primary, "seat/net"),
                (Hold::Office, "office/cto"),
                (Hold::Member, "team/core"),
                (Hold::Owner, "service/db"),
            ]
        );
        assert_eq!(graph.members_of("team/core"), ["ana", "ben"]);
        assert_eq!(graph.owned_by("seat/net"), ["site/eu-1"]);
        assert_eq!(graph.owner_of("service/api"), Some("team/core"));
        assert_eq!(graph.dependents_of("service/db"), ["service/api"]);
        assert_eq!(graph.held_by("nobody"), []);
    }
}
