//! What must wait although it could be judged by itself: mass destroys, what is still needed, what waits for others.

use std::collections::{BTreeMap, BTreeSet};

use super::draft::Work;
use super::{Brake, Terms};
use crate::held::Reason;
use crate::observed::{Observations, Observed};
use crate::resource::ResourceId;

/// Holds drafts until every one that is left may be carried out.
pub(super) fn hold(work: &mut Work<'_>, observed: &Observations, terms: &Terms) {
    if let Some(brake) = terms.brake {
        hold_mass_destroys(work, brake);
    }
    hold_still_needed(work, observed);
    hold_blocked(work, observed);
}

fn hold_mass_destroys(work: &mut Work<'_>, brake: Brake) {
    let mut by_target: BTreeMap<String, Vec<ResourceId>> = BTreeMap::new();
    for id in destroys(work) {
        by_target.entry(id.target.clone()).or_default().push(id);
    }
    for (target, ids) in by_target {
        let known = work.known.get(target.as_str()).copied().unwrap_or(0);
        if ids.len() < brake.at_least || ids.len() * 100 < known * brake.percent {
            continue;
        }
        let text = format!(
            "{} of the {known} resources of `{target}` would be destroyed at once; if that is meant, allow it for this \
             plan by name of the target",
            ids.len()
        );
        for id in ids {
            work.hold(&id, Reason::TooManyDestroys, text.clone());
        }
    }
}

fn destroys(work: &Work<'_>) -> Vec<ResourceId> {
    let destroys = work.drafts.iter().filter(|(_, draft)| draft.is_destroy());
    destroys.map(|(id, _)| id.clone()).collect()
}

/// A destroy waits as long as something that stays depends on its resource.
fn hold_still_needed(work: &mut Work<'_>, observed: &Observations) {
    let mut left = destroys(work);
    if left.is_empty() {
        return;
    }
    let needed_by = users(work, observed);
    loop {
        let needed: Vec<(ResourceId, ResourceId)> = left
            .iter()
            .filter_map(|id| {
                let stays = |user: &&ResourceId| {
                    work.drafts.get(*user).is_none_or(|draft| !draft.is_destroy())
                };
                let user = needed_by.get(id)?.iter().find(stays)?;
                Some((id.clone(), user.clone()))
            })
            .collect();
        if needed.is_empty() {
            return;
        }
        for (id, user) in &needed {
            let text =
                format!("`{user}` stays and depends on `{id}`; take that dependency away first");
            work.hold(id, Reason::StillNeeded, text);
        }
        left.retain(|id| work.drafts.contains_key(id));
    }
}

/// What is depended on, by whom, among what is desired and what is there.
fn users(work: &Work<'_>, observed: &Observations) -> BTreeMap<ResourceId, BTreeSet<ResourceId>> {
    let mut users: BTreeMap<ResourceId, BTreeSet<ResourceId>> = BTreeMap::new();
    let mut note = |user: &ResourceId, on: &BTreeSet<ResourceId>| {
        for id in on {
            users.entry(id.clone()).or_default().insert(user.clone());
        }
    };
    for (user, on) in &work.desired {
        note(user, on);
    }
    for (user, there) in observed.iter().filter(|(id, _)| !work.desired.contains_key(id)) {
        if let (Observed::Known { .. }, Some(marks)) = (there, observed.marks(user)) {
            note(user, &marks.depends_on);
        }
    }
    users
}

/// A make or change waits for what it depends on; if that does not come, neither does it.
fn hold_blocked(work: &mut Work<'_>, observed: &Observations) {
    let mut blocked: Vec<(ResourceId, Reason, String)> = Vec::new();
    let held: BTreeSet<&ResourceId> = work.held.iter().map(|held| &held.resource).collect();
    for (id, draft) in &work.drafts {
        for on in &*draft.waits_for {
            if work.drafts.contains_key(on) {
                continue;
            }
            if let Some((reason, why)) = obstacle(on, held.contains(on), observed) {
                blocked.push((id.clone(), reason, format!("it depends on `{on}`, {why}")));
            }
        }
    }
    if blocked.is_empty() {
        return;
    }
    let dependents = dependents(work);
    while let Some((id, reason, text)) = blocked.pop() {
        if !work.drafts.contains_key(&id) {
            continue;
        }
        work.hold(&id, reason, text);
        blocked.extend(dependents.get(&id).into_iter().flatten().map(|dependent| {
            let text = format!("it depends on `{id}`, which is held back; see there");
            (dependent.clone(), Reason::DependencyHeld, text)
        }));
    }
}

/// What has a step and waits, by what it waits for.
fn dependents(work: &Work<'_>) -> BTreeMap<ResourceId, Vec<ResourceId>> {
    let mut dependents: BTreeMap<ResourceId, Vec<ResourceId>> = BTreeMap::new();
    for (id, draft) in &work.drafts {
        for on in &*draft.waits_for {
            dependents.entry(on.clone()).or_default().push(id.clone());
        }
    }
    dependents
}

/// Why something without a step of its own cannot be depended on.
fn obstacle(on: &ResourceId, held: bool, observed: &Observations) -> Option<(Reason, String)> {
    if held {
        return Some((Reason::DependencyHeld, "which is held back; see there".to_owned()));
    }
    match observed.get(on) {
        Some(Observed::Known { .. }) => None,
        Some(Observed::Absent { .. }) => Some(missing()),
        Some(Observed::Unknown { why, .. }) => Some(unknown(why)),
        None => match observed.unlisted(&on.target) {
            Observed::Known { .. } => None,
            Observed::Absent { .. } => Some(missing()),
            Observed::Unknown { why, .. } => Some(unknown(&why)),
        },
    }
}

fn missing() -> (Reason, String) {
    let why = "which is not there and not part of this plan; declare it, or drop the dependency";
    (Reason::DependencyMissing, why.to_owned())
}

fn unknown(why: &str) -> (Reason, String) {
    (Reason::DependencyHeld, format!("of which nobody knows whether it is there ({why})"))
}
