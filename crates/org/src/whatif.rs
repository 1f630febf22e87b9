//! What breaks when somebody leaves: everything that they hold, looked at on that day without them.
//!
//! Pure: the model is not changed, the day is looked at through [`Roster::without`]. Consequences
//! that only other rooms can know (a quorum that becomes impossible, an unfinished action) come in
//! as an argument and are sorted in.
//!
//! Invariants: somebody who holds nothing and is named nowhere has no consequences beyond their
//! accounts; the result is sorted, worst first, and the same for the same arguments.

use std::collections::{BTreeMap, BTreeSet};

use diag::Place;
use jiff::civil::Date;
use playbook::{Kind, Model, Ref, Resource, Typed};
use schemars::JsonSchema;
use serde::Serialize;

use crate::kinds::{Organization, Person, Seat, Service, Team};
use crate::views::{PersonRef, at_risk};
use crate::{Graph, Hold, Presence, Roster, coverage, suggest};

/// How bad a consequence is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Gravity {
    /// Nobody answers any more, or a rule of the playbook is broken.
    Breaks,
    /// It goes on, with less behind it.
    Weakens,
    /// To be done or known.
    Note,
}

/// One thing that follows from somebody's leaving.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Consequence {
    /// How bad.
    pub gravity: Gravity,
    /// The resource concerned, as a reference.
    pub subject: String,
    /// What happens, one sentence.
    pub what: String,
    /// Why.
    pub why: String,
    /// What to do, in the imperative.
    pub suggestion: String,
    /// Where it is written, in the playbook.
    #[schemars(skip)]
    pub place: Option<Place>,
}

/// Everything that follows from somebody's leaving.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Consequences {
    /// Who leaves.
    pub person: PersonRef,
    /// The first day without them.
    pub on: Date,
    /// What follows, worst first.
    pub items: Vec<Consequence>,
}

impl Consequences {
    /// Says whether anything breaks.
    pub fn breaks_something(&self) -> bool {
        self.items.iter().any(|item| item.gravity == Gravity::Breaks)
    }
}

/// The person asked about is not in the playbook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownPerson {
    /// The name as it was given.
    pub name: String,
    /// Names that are spelt alike.
    pub did_you_mean: Vec<String>,
}

impl std::fmt::Display for UnknownPerson {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "the playbook has no person `{}`", self.name)?;
        match self.did_you_mean.first() {
            Some(name) => write!(formatter, "; did you mean `{name}`?"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for UnknownPerson {}

/// Everything that breaks, dangles, or loses its primary or backup when a person (`ana` or
/// `person/ana`) is gone from a day on; `extra` holds what other rooms know to follow.
///
/// # Errors
/// When the playbook does not know the person.
pub fn leave(
    model: &Model,
    person: &str,
    on: Date,
    extra: Vec<Consequence>,
) -> Result<Consequences, UnknownPerson> {
    let name = person.strip_prefix("person/").unwrap_or(person);
    let Some(leaver) = model.get::<Person>(name) else {
        let known = model.all::<Person>().map(|person| person.name().to_owned());
        let did_you_mean = suggest::closest(name, known);
        return Err(UnknownPerson { name: name.to_owned(), did_you_mean });
    };
    let graph = Graph::of(model);
    let departure = Departure {
        graph: &graph,
        leaver,
        before: Roster::new(model, on),
        after: Roster::new(model, on).without(name),
    };
    let mut items = extra;
    for (hold, subject) in graph.held_by(name) {
        departure.follow(*hold, subject, &mut items);
    }
    departure.overloads(&mut items);
    departure.schedule(&mut items);
    departure.mentions(&mut items);
    departure.accounts(&mut items);
    items.sort_by(|left, right| {
        (left.gravity, &left.subject, &left.what).cmp(&(right.gravity, &right.subject, &right.what))
    });
    items.dedup();
    Ok(Consequences { person: PersonRef::of(model, name), on, items })
}

/// One person's leaving: the day with and without them.
struct Departure<'m> {
    graph: &'m Graph,
    leaver: Typed<'m, Person>,
    before: Roster<'m>,
    after: Roster<'m>,
}

impl<'m> Departure<'m> {
    fn model(&self) -> &'m Model {
        self.after.model()
    }

    fn follow(&self, hold: Hold, subject: &str, items: &mut Vec<Consequence>) {
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

    /// Backups who would then answer for more seats than the organization allows.
    fn overloads(&self, items: &mut Vec<Consequence>) {
        let Some(organization) = self.model().all::<Organization>().next() else { return };
        let limit = organization.limits.seats_per_person as usize;
        let (before, after) = (load(&self.before), load(&self.after));
        for (person, seats) in &after {
            let had = before.get(person).map_or(0, Vec::len);
            let Some(resource) = self.model().find(Person::SLUG, person) else { continue };
            if seats.len() > limit && seats.len() > had {
                items.push(Consequence {
                    gravity: Gravity::Breaks,
                    subject: resource.id.to_string(),
                    what: format!("`{person}` would answer for {} seats", seats.len()),
                    why: format!("one person may hold {limit}: {}", some_of(seats)),
                    suggestion: "name somebody else as primary of one of them".to_owned(),
                    place: Some(resource.place.clone()),
                });
            }
        }
    }

    /// Hours of the day that only the leaver covered.
    fn schedule(&self, items: &mut Vec<Consequence>) {
        let Some(organization) = coverage::organization(self.model()) else { return };
        let before = coverage::holes(&self.before);
        for hole in coverage::holes(&self.after).into_iter().filter(|hole| !before.contains(hole)) {
            let (from, to) = (hole.from.strftime("%H:%M"), hole.to.strftime("%H:%M"));
            items.push(Consequence {
                gravity: Gravity::Weakens,
                subject: organization.resource.id.to_string(),
                what: format!("nobody at the table is at work from {from} to {to}"),
                why: format!("only `{}` works then", self.leaver.name()),
                suggestion: "find a holder or a backup whose hours cover it".to_owned(),
                place: Some(organization.resource.place.clone()),
            });
        }
    }

    /// Everything else in the playbook that names the leaver, of whatever kind.
    fn mentions(&self, items: &mut Vec<Consequence>) {
        let name = self.leaver.name();
        let held = self.graph.held_by(name).iter().map(|(_, subject)| subject.clone());
        let told: BTreeSet<String> =
            held.chain(items.iter().map(|item| item.subject.clone())).collect();
        for resource in self.model().resources() {
            let Some(used) = resource.uses.iter().find(|used| is_person(used, name)) else {
                continue;
            };
            let id = resource.id.to_string();
            if told.contains(&id) {
                continue;
            }
            items.push(Consequence {
                gravity: Gravity::Note,
                what: format!("`{id}` names `{name}`"),
                why: "the name stays right as history, and is wrong as a duty".to_owned(),
                suggestion: "look whether somebody else must be named".to_owned(),
                place: Some(resource.at(used.span)),
                subject: id,
            });
        }
    }

    /// Accounts and keys that must be closed.
    fn accounts(&self, items: &mut Vec<Consequence>) {
        let person = self.leaver;
        let handles = person.handles.keys().map(|system| format!("the account on {system}"));
        let keys = match person.ssh_keys.len() {
            0 => None,
            1 => Some("one SSH key".to_owned()),
            count => Some(format!("{count} SSH keys")),
        };
        let accounts: Vec<_> = handles.chain(keys).collect();
        if accounts.is_empty() {
            return;
        }
        items.push(Consequence {
            gravity: Gravity::Note,
            subject: person.resource.id.to_string(),
            what: format!("access must end: {}", accounts.join(", ")),
            why: format!("they belong to `{}`", person.name()),
            suggestion: format!(
                "write `leaves: {}`, and revoke them on that day",
                self.after.day()
            ),
            place: Some(person.resource.place.clone()),
        });
    }
}

fn is_person(used: &playbook::Use, name: &str) -> bool {
    used.slug.as_deref() == Some(Person::SLUG) && &*used.name == name
}

/// The seats that each person answers for on a roster's day.
fn load(roster: &Roster<'_>) -> BTreeMap<String, Vec<String>> {
    let mut load: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for seat in roster.model().all::<Seat>() {
        let acting = match (seat.primary.as_ref(), seat.backup.as_ref()) {
            _ if !roster.is_active(&seat) => None,
            (Some(primary), _) if stays(roster, primary) => Some(primary),
            (_, backup) => backup.filter(|backup| stays(roster, backup)),
        };
        if let Some(person) = acting {
            load.entry(person.name().to_owned()).or_default().push(seat.resource.id.to_string());
        }
    }
    load
}

/// Away counts as staying: a holiday hands nothing over.
fn stays(roster: &Roster<'_>, person: &Ref<Person>) -> bool {
    matches!(roster.presence(person.name()), Presence::Here | Presence::Away)
}

/// The first few of a list, and how many more there are.
fn some_of(names: &[String]) -> String {
    // A line of a terminal holds about five references.
    const SHOWN: usize = 5;
    let shown: Vec<_> = names.iter().take(SHOWN).map(|name| format!("`{name}`")).collect();
    match names.len().saturating_sub(SHOWN) {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;
    use crate::testing::table;

    const TABLE: &str = "
        Person/ana: {handles: {github: ana}, ssh_keys: [a, b], working_hours: {from: '09:00', to: '17:00'}}
        Person/ben: {working_hours: {from: '09:00', to: '16:00'}}
        Person/cleo: {leaves: 2027-01-01}
        Person/dora: {}
        Seat/network: {owns: The network., primary: ana, backup: ben}
        Seat/sre: {owns: Reliability., primary: ana, backup: cleo}
        Seat/a: {owns: x, primary: ben}
        Seat/b: {owns: x, primary: ben, backup: ana}
        Seat/c: {owns: x, primary: ben, backup: ana}
        Office/cto: {holder: ana}
        Team/core: {lead: ana, members: [ben]}
        Team/solo: {members: [ana]}
        Site/eu-1: {role: primary, owner: sre}
        Service/api: {owner: team/solo}
        Service/tool: {owner: person/ana}
        Service/user: {owner: team/core, depends_on: [tool]}
    ";

    fn leaves(table_text: &str, person: &str) -> Vec<String> {
        let workspace = table(table_text);
        let found = leave(workspace.model(), person, date(2027, 1, 15), Vec::new()).unwrap();
        let line = |item: &Consequence| {
            format!("{:?} {}: {} ({})", item.gravity, item.subject, item.what, item.why)
        };
        found.items.iter().map(line).collect()
    }

    #[test]
    fn everything_that_breaks_is_said() {
        assert_eq!(
            leaves(TABLE, "ana"),
            [
                "Breaks office/cto: nobody is cto (`ana` holds the office)",
                "Breaks person/ben: `ben` would answer for 4 seats (one person may hold 3: `seat/a`, `seat/b`, `seat/c`, `seat/network`)",
                "Breaks seat/sre: sre has nobody (`ana` is the primary, and the backup `cleo` is not there on that day; at risk: Reliability, site/eu-1)",
                "Breaks service/tool: tool has no owner (`ana` owns it in person, and `service/user` depend on it)",
                "Breaks team/solo: team solo has nobody left (`ana` is its last member, and it owns `service/api`)",
                "Weakens organization/example: nobody at the table is at work from 16:00 to 17:00 (only `ana` works then)",
                "Weakens seat/b: b loses its backup (`ana` is the backup, and nobody stands in for `ben` any more)",
                "Weakens seat/c: c loses its backup (`ana` is the backup, and nobody stands in for `ben` any more)",
                "Weakens seat/network: network falls to `ben`, with no backup behind (`ana` is the primary, and `ben` the backup)",
                "Weakens team/core: team core is without a lead (`ana` leads it)",
                "Note person/ana: access must end: the account on github, 2 SSH keys (they belong to `ana`)",
            ]
        );
    }

    #[test]
    fn somebody_who_holds_nothing_leaves_nothing_behind() {
        assert_eq!(leaves(TABLE, "dora"), Vec::<String>::new());
    }

    #[test]
    fn an_unknown_person_is_refused_with_a_suggestion() {
        let workspace = table(TABLE);
        let error = leave(workspace.model(), "cloe", date(2027, 1, 15), Vec::new()).unwrap_err();
        assert_eq!(error.to_string(), "the playbook has no person `cloe`; did you mean `cleo`?");
    }

    #[test]
    fn consequences_point_at_the_line_that_names_the_leaver() {
        let workspace = table(TABLE);
        let found = leave(workspace.model(), "ana", date(2027, 1, 15), Vec::new()).unwrap();
        let office = found.items.iter().find(|item| item.subject == "office/cto").unwrap();
        let place = office.place.clone().unwrap();
        let text = diag::Sources::text(&workspace, &place.file).unwrap();
        let named = text.get(place.span.start as usize..place.span.end as usize);
        assert_eq!(named, Some("ana"));
    }

    #[test]
    fn what_other_rooms_know_is_sorted_in() {
        let workspace = table(TABLE);
        let extra = Consequence {
            gravity: Gravity::Breaks,
            subject: "decision-type/a".to_owned(),
            what: "no quorum".to_owned(),
            why: "two must agree".to_owned(),
            suggestion: "fill a seat".to_owned(),
            place: None,
        };
        let found =
            leave(workspace.model(), "dora", date(2027, 1, 15), vec![extra.clone()]).unwrap();
        assert_eq!(found.items, [extra]);
        assert!(found.breaks_something());
    }

    proptest! {
        #[test]
        fn whoever_is_named_nowhere_has_no_consequences(
            seats in prop::collection::vec((0..4_u8, 0..4_u8), 0..8)
        ) {
            let mut text = "Person/p0: {}\nPerson/p1: {}\nPerson/p2: {}\nPerson/p3: {}\nPerson/nobody: {}\n".to_owned();
            for (number, (primary, backup)) in seats.iter().enumerate() {
                text += &format!("Seat/s{number}: {{owns: x, primary: p{primary}, backup: p{backup}}}\n");
            }
            prop_assert_eq!(leaves(&text, "nobody"), Vec::<String>::new());
            // A person of the table has one consequence for each seat that they hold, at least.
            let held = seats.iter().filter(|(primary, backup)| *primary == 0 || *backup == 0).count();
            let told = leaves(&text, "p0").iter().filter(|line| line.contains(" seat/")).count();
            prop_assert_eq!(told, held);
        }
    }
}
