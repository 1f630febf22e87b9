//! From claims to parts of an answer: one entry a holder, in the strongest role, as a person today.

use std::collections::{BTreeMap, BTreeSet};

use super::{Claim, Part, Role};
use crate::views::PersonRef;
use crate::{Duty, Roster};

/// A holder with all reasons for one role.
pub(super) struct Merged {
    holder: String,
    pub(super) weight: u32,
    because: Vec<String>,
}

/// Groups claims by role and holder; a holder with a stronger role is not named in a weaker one.
pub(super) fn merge(mut claims: Vec<Claim>) -> BTreeMap<Role, Vec<Merged>> {
    claims.sort_by(|left, right| {
        (left.role, &left.holder, std::cmp::Reverse(left.weight), &left.because).cmp(&(
            right.role,
            &right.holder,
            std::cmp::Reverse(right.weight),
            &right.because,
        ))
    });
    let mut merged: BTreeMap<Role, Vec<Merged>> = BTreeMap::new();
    let mut known: BTreeSet<(Role, String)> = BTreeSet::new();
    for Claim { role, holder, weight, because } in claims {
        let stronger: &[Role] = match role {
            Role::Decides | Role::Approves | Role::OnCall => &[],
            Role::Consulted => &[Role::Decides],
            Role::Informed => &[Role::Decides, Role::Consulted],
        };
        if stronger.iter().any(|&stronger| known.contains(&(stronger, holder.clone()))) {
            continue;
        }
        let holders = merged.entry(role).or_default();
        match holders.last_mut().filter(|last| last.holder == holder) {
            Some(last) if last.because.contains(&because) => {}
            // Ten reasons convince as well as a thousand, and are still read.
            Some(last) if last.because.len() >= 10 => {}
            Some(last) => last.because.push(because),
            None => {
                known.insert((role, holder.clone()));
                holders.push(Merged { holder, weight, because: vec![because] });
            }
        }
    }
    merged
}

/// Says who answers for a holder today.
pub(super) fn resolve(roster: &Roster<'_>, merged: Merged) -> Part {
    let Merged { holder, weight, mut because } = merged;
    let (slug, name) = holder.split_once('/').unwrap_or((&holder, ""));
    let Duty { person, standing, because: duty } = roster.duty(slug, name);
    let title = roster.model().resource(&holder).map_or(name, |resource| resource.title());
    let title = title.to_owned();
    because.push(duty);
    let person = person.map(|name| PersonRef::of(roster.model(), &name));
    Part { holder, title, person, standing, because, weight }
}
