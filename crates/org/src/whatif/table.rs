//! What follows for the table as a whole: loads, hours, mentions, accounts.

use std::collections::{BTreeMap, BTreeSet};

use playbook::{Kind, Ref};

use super::holdings::Departure;
use super::{Consequence, Gravity, is_person, some_of};
use crate::kinds::{Organization, Person, Seat};
use crate::{Presence, Roster, coverage};

impl Departure<'_> {
    /// Backups who would then answer for more seats than the organization allows.
    pub(super) fn overloads(&self, items: &mut Vec<Consequence>) {
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
    pub(super) fn schedule(&self, items: &mut Vec<Consequence>) {
        let Some(organization) = coverage::organization(self.model()) else { return };
        let before = coverage::gaps(&self.before);
        for gap in coverage::gaps(&self.after).into_iter().filter(|gap| !before.contains(gap)) {
            let (from, to) = (gap.from.strftime("%H:%M"), gap.to.strftime("%H:%M"));
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
    pub(super) fn mentions(&self, items: &mut Vec<Consequence>) {
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
    pub(super) fn accounts(&self, items: &mut Vec<Consequence>) {
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
