//! What follows for each thing that the leaver holds.

use playbook::{Kind, Model, Ref, Resource, Typed};

use super::{Consequence, Gravity, is_person, some_of};
use crate::kinds::{Person, Seat, Service, Team};
use crate::views::at_risk;
use crate::{Graph, Hold, Roster};

/// One person's leaving: the day with and without them.
pub(super) struct Departure<'m> {
    pub(super) graph: &'m Graph,
    pub(super) leaver: Typed<'m, Person>,
    pub(super) before: Roster<'m>,
    pub(super) after: Roster<'m>,
}

impl<'m> Departure<'m> {
    pub(super) fn model(&self) -> &'m Model {
        self.after.model()
    }

    /// What follows for one thing that they hold.
    pub(super) fn follow(&self, hold: Hold, subject: &str, items: &mut Vec<Consequence>) {
        let Some(resource) = self.model().resource(subject) else { return };
        let item = match hold {
            Hold::Primary => resource.typed().map(|seat| self.primary_leaves(seat)),
            Hold::Backup => resource.typed().and_then(|seat| self.backup_leaves(seat)),
            Hold::Office => Some(self.office_falls_empty(resource)),
            Hold::Lead => resource.typed().map(|team| self.lead_leaves(team)),
            Hold::Member => {
                self.member_leaves(resource, items);
                None
            }
            Hold::Owner => Some(self.owner_leaves(resource)),
        };
        items.extend(item);
    }

    fn item(&self, gravity: Gravity, resource: &Resource, what: String) -> Consequence {
        let name = self.leaver.name();
        let mut uses = resource.uses.iter();
        let mention = uses.find(|used| is_person(used, name)).map(|used| used.span);
        Consequence {
            gravity,
            subject: resource.id.to_string(),
            what,
            why: String::new(),
            suggestion: String::new(),
            place: Some(mention.map_or_else(|| resource.place.clone(), |span| resource.at(span))),
        }
    }

    fn primary_leaves(&self, seat: Typed<'_, Seat>) -> Consequence {
        let (name, title) = (self.leaver.name(), seat.title());
        let backup = seat.backup.as_ref().map(Ref::name).filter(|backup| *backup != name);
        match backup.filter(|backup| self.after.works_here(backup)) {
            Some(backup) => Consequence {
                why: format!("`{name}` is the primary, and `{backup}` the backup"),
                suggestion: format!("make `{backup}` the primary, and name a new backup"),
                ..self.item(
                    Gravity::Weakens,
                    seat.resource,
                    format!("{title} falls to `{backup}`, with no backup behind"),
                )
            },
            None => Consequence {
                why: format!(
                    "`{name}` is the primary, and {}; at risk: {}",
                    match backup {
                        Some(backup) => format!("the backup `{backup}` is not there on that day"),
                        None => "there is no backup".to_owned(),
                    },
                    at_risk(self.graph, seat).join(", "),
                ),
                suggestion: format!("name a primary and a backup for {title} before that day"),
                ..self.item(Gravity::Breaks, seat.resource, format!("{title} has nobody"))
            },
        }
    }

    fn backup_leaves(&self, seat: Typed<'_, Seat>) -> Option<Consequence> {
        let (name, title) = (self.leaver.name(), seat.title());
        let primary = seat.primary.as_ref().map(Ref::name);
        if primary == Some(name) {
            return None; // Told as the primary's leaving.
        }
        let stays = primary.filter(|primary| self.after.works_here(primary));
        let (gravity, what, why) = match stays {
            Some(primary) => (
                Gravity::Weakens,
                format!("{title} loses its backup"),
                format!("`{name}` is the backup, and nobody stands in for `{primary}` any more"),
            ),
            None => (
                Gravity::Breaks,
                format!("{title} has nobody"),
                format!("`{name}` is the backup and the only one left who can answer"),
            ),
        };
        let suggestion = format!("name a new backup for {title}");
        Some(Consequence { why, suggestion, ..self.item(gravity, seat.resource, what) })
    }

    fn office_falls_empty(&self, office: &Resource) -> Consequence {
        let title = office.title();
        Consequence {
            why: format!("`{}` holds the office", self.leaver.name()),
            suggestion: format!("name who is {title} from that day on"),
            ..self.item(Gravity::Breaks, office, format!("nobody is {title}"))
        }
    }

    fn lead_leaves(&self, team: Typed<'_, Team>) -> Consequence {
        let rest = self.rest_of(team.resource);
        let suggestion = match rest.first() {
            Some(member) => format!("name a new lead, such as `{member}`"),
            None => "name a new lead".to_owned(),
        };
        Consequence {
            why: format!("`{}` leads it", self.leaver.name()),
            suggestion,
            ..self.item(
                Gravity::Weakens,
                team.resource,
                format!("team {} is without a lead", team.title()),
            )
        }
    }

    /// Who of a team is still employed.
    fn rest_of(&self, team: &Resource) -> Vec<&'m str>
    where
        Self: 'm,
    {
        let graph: &'m Graph = self.graph;
        let members = graph.members_of(&team.id.to_string()).iter().map(String::as_str);
        members.filter(|member| self.after.works_here(member)).collect()
    }

    fn member_leaves(&self, team: &Resource, items: &mut Vec<Consequence>) {
        if !self.rest_of(team).is_empty() {
            return;
        }
        let (name, title) = (self.leaver.name(), team.title());
        let owned = self.graph.owned_by(&team.id.to_string());
        let gravity = if owned.is_empty() { Gravity::Weakens } else { Gravity::Breaks };
        let mut item = Consequence {
            why: format!("`{name}` is its last member"),
            suggestion: format!(
                "move somebody to {title}, or dissolve it and hand over what it owns"
            ),
            ..self.item(gravity, team, format!("team {title} has nobody left"))
        };
        if !owned.is_empty() {
            item.why += &format!(", and it owns {}", some_of(owned));
        }
        items.push(item);
    }

    fn owner_leaves(&self, resource: &Resource) -> Consequence {
        let mut item = Consequence {
            why: format!("`{}` owns it in person", self.leaver.name()),
            suggestion: "let a team own it".to_owned(),
            ..self.item(Gravity::Breaks, resource, format!("{} has no owner", resource.title()))
        };
        let dependents = self.graph.dependents_of(&resource.id.to_string());
        if resource.id.slug == Service::SLUG && !dependents.is_empty() {
            item.why += &format!(", and {} depend on it", some_of(dependents));
        }
        item
    }
}
