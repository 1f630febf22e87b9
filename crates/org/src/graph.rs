//! The ownership graph: who holds what, who owns what, what needs what.
//!
//! Built once for a model, in time linear in its references; asked by `who`, `whatif`, the rules and
//! the views. Nodes are named as references are (`seat/network-security`). It knows no day: whether a
//! holder is here is the [`Roster`](crate::Roster)'s question.

use std::collections::BTreeMap;

use playbook::{Kind, Model, OneOf, Ref, Resource};
use schemars::JsonSchema;
use serde::Serialize;

use crate::kinds::backstage::{Api, CatalogResource, Domain, System};
use crate::kinds::{Environment, Office, Owner, Person, Seat, Service, Site, Team, Workload};

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
    /// Reads the edges of a model.
    pub fn of(model: &Model) -> Self {
        let mut graph = Self::default();
        graph.read_seats_and_offices(model);
        graph.read_teams(model);
        graph.read_owners(model);
        for service in model.all::<Service>() {
            for needed in &service.depends_on {
                let needed = needed.to_string();
                graph.dependents.entry(needed).or_default().push(service.resource.id.to_string());
            }
        }
        for holdings in graph.holdings.values_mut() {
            holdings.sort();
            holdings.dedup();
        }
        graph
    }

    fn read_seats_and_offices(&mut self, model: &Model) {
        for seat in model.all::<Seat>() {
            self.hold(seat.resource, Hold::Primary, seat.primary.as_ref());
            self.hold(seat.resource, Hold::Backup, seat.backup.as_ref());
        }
        for office in model.all::<Office>() {
            self.hold(office.resource, Hold::Office, office.holder.as_ref());
        }
    }

    fn read_teams(&mut self, model: &Model) {
        let mut members: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for team in model.all::<Team>() {
            self.hold(team.resource, Hold::Lead, team.lead.as_ref());
            let listed = members.entry(team.resource.id.to_string()).or_default();
            for member in team.members.iter().chain(&team.lead) {
                listed.push(member.name().to_owned());
            }
            for member in &team.members {
                self.hold(team.resource, Hold::Member, Some(member));
            }
        }
        for person in model.all::<Person>() {
            for team in &person.member_of {
                let (team, name) = (team.to_string(), person.name().to_owned());
                let holdings = self.holdings.entry(name.clone()).or_default();
                holdings.push((Hold::Member, team.clone()));
                members.entry(team).or_default().push(name);
            }
        }
        for people in members.values_mut() {
            people.sort();
            people.dedup();
        }
        self.members = members;
    }

    fn read_owners(&mut self, model: &Model) {
        for site in model.all::<Site>() {
            if let Some(owner) = &site.owner {
                self.own(site.resource, owner.to_string());
            }
        }
        for found in model.all::<Environment>() {
            self.own_one_of(found.resource, found.owner.as_ref());
        }
        for found in model.all::<Service>() {
            self.own_one_of(found.resource, found.owner.as_ref());
        }
        for found in model.all::<Workload>() {
            self.own_one_of(found.resource, found.owner.as_ref());
        }
        for found in model.all::<Api>() {
            self.own_one_of(found.resource, Some(&found.spec.owner));
        }
        for found in model.all::<System>() {
            self.own_one_of(found.resource, Some(&found.spec.owner));
        }
        for found in model.all::<Domain>() {
            self.own_one_of(found.resource, Some(&found.spec.owner));
        }
        for found in model.all::<CatalogResource>() {
            self.own_one_of(found.resource, Some(&found.spec.owner));
        }
    }

    fn hold(&mut self, resource: &Resource, hold: Hold, person: Option<&Ref<Person>>) {
        if let Some(person) = person {
            let held = self.holdings.entry(person.name().to_owned()).or_default();
            held.push((hold, resource.id.to_string()));
        }
    }

    fn own_one_of(&mut self, resource: &Resource, owner: Option<&OneOf<Owner>>) {
        let Some(owner) = owner else { return };
        if owner.slug() == Person::SLUG {
            let held = self.holdings.entry(owner.name().to_owned()).or_default();
            held.push((Hold::Owner, resource.id.to_string()));
        }
        self.own(resource, owner.to_string());
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
    use crate::testing::table;

    #[test]
    fn every_edge_is_found_from_both_ends() {
        let workspace = table(
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
