//! Every resource by itself: what should be against what is.
//!
//! One walk over two sorted lists, so that a plan of 100,000 resources is a matter of milliseconds.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::draft::{Draft, Likeness, Work};
use super::{PAYLOAD_FIELD, Terms};
use crate::held::{Held, Reason};
use crate::observed::{Coverage, Observations, Observed};
use crate::proposal::Proposal;
use crate::resource::{Desired, Fields, Marks, Micros, ResourceId};
use crate::step::{Action, FieldChange};

/// Drafts a step for everything that differs, and holds what cannot be judged.
pub(super) fn differ<'a>(
    desired: &'a [Desired],
    observed: &'a Observations,
    terms: &Terms,
) -> Work<'a> {
    let mut work = Work::default();
    let mut seen = observed.iter().peekable();
    for resource in in_order(desired, &mut work) {
        while let Some((id, there)) = seen.next_if(|(id, _)| *id < &resource.id) {
            unwanted(&mut work, (id, there), observed, terms);
        }
        let there = seen.next_if(|(id, _)| *id == &resource.id).map(|(_, there)| there);
        work.desired.insert(&resource.id, &resource.marks.depends_on);
        if matches!(there, Some(Observed::Known { .. })) {
            *work.known.entry(&resource.id.target).or_default() += 1;
        }
        if wanted_here(terms, &resource.id) {
            wanted(&mut work, resource, there, observed, terms);
        }
    }
    for (id, there) in seen {
        unwanted(&mut work, (id, there), observed, terms);
    }
    propose(&mut work, &terms.proposals);
    work
}

/// The desired resources by name; those that are desired twice, differently, are held.
fn in_order<'a>(desired: &'a [Desired], work: &mut Work<'a>) -> Vec<&'a Desired> {
    let mut sorted: Vec<&Desired> = desired.iter().collect();
    sorted.sort_by(|a, b| a.id.cmp(&b.id));
    let mut unique = Vec::with_capacity(sorted.len());
    for same in sorted.chunk_by(|a, b| a.id == b.id) {
        let [first, others @ ..] = same else { continue };
        if others.iter().all(|other| other == first) {
            unique.push(*first);
            continue;
        }
        work.desired.insert(&first.id, &first.marks.depends_on);
        work.held.push(Held {
            resource: first.id.clone(),
            would: None,
            reason: Reason::DesiredTwice,
            text: format!(
                "`{}` is desired {} times with different content; let one place say what it should be",
                first.id,
                same.len()
            ),
        });
    }
    unique
}

fn wanted_here(terms: &Terms, id: &ResourceId) -> bool {
    terms.only.as_ref().is_none_or(|only| only.contains(id))
}

/// A resource that should be.
fn wanted(
    work: &mut Work<'_>,
    desired: &Desired,
    there: Option<&Observed>,
    observed: &Observations,
    terms: &Terms,
) {
    let unlisted;
    let there = match there {
        Some(there) => there,
        None => {
            unlisted = observed.unlisted(&desired.id.target);
            &unlisted
        }
    };
    let draft = match there {
        Observed::Unknown { since, why } => {
            let text = silent(&desired.id, since.as_ref(), why);
            work.held.push(held(&desired.id, None, Reason::Silent, text));
            return;
        }
        Observed::Absent { .. } => Some(make(desired, terms)),
        Observed::Known { fields, .. } => change(desired, fields, observed, terms),
    };
    let (Observed::Known { at, .. }
    | Observed::Absent { at }
    | Observed::Unknown { since: Some(at), .. }) = there
    else {
        return;
    };
    let Some(draft) = draft else { return };
    match too_old(&desired.id, *at, terms) {
        Some(text) => {
            work.held.push(held(&desired.id, Some(draft.action), Reason::TooOld, text));
        }
        None => {
            work.drafts.insert(desired.id.clone(), draft);
        }
    }
}

/// A resource that is reported and not desired.
fn unwanted<'a>(
    work: &mut Work<'a>,
    (id, there): (&'a ResourceId, &'a Observed),
    observed: &Observations,
    terms: &Terms,
) {
    // A name that is desired twice is desired.
    if work.desired.contains_key(id) {
        return;
    }
    let (fields, at) = match there {
        Observed::Known { fields, at } => (fields, *at),
        // Nothing wants it and nothing is there.
        Observed::Absent { .. } => return,
        Observed::Unknown { since, why } => {
            if wanted_here(terms, id) {
                let text = silent(id, since.as_ref(), why);
                work.held.push(held(id, Some(Action::Destroy), Reason::Silent, text));
            }
            return;
        }
    };
    *work.known.entry(&id.target).or_default() += 1;
    if !wanted_here(terms, id) {
        return;
    }
    let destroy = Some(Action::Destroy);
    match observed.coverage().get(&id.target) {
        Some(Coverage::Complete { .. }) => {}
        Some(Coverage::Silent { since, why }) => {
            let text = silent(id, since.as_ref(), why);
            return work.held.push(held(id, destroy, Reason::Silent, text));
        }
        None => {
            let text = silent(id, None, "it was asked about single resources only");
            return work.held.push(held(id, destroy, Reason::Silent, text));
        }
    }
    if let Some(text) = too_old(id, at, terms) {
        return work.held.push(held(id, destroy, Reason::TooOld, text));
    }
    work.drafts.insert(id.clone(), unmake(fields, observed.marks(id)));
}

fn held(resource: &ResourceId, would: Option<Action>, reason: Reason, text: String) -> Held {
    Held { resource: resource.clone(), would, reason, text }
}

fn silent(id: &ResourceId, since: Option<&jiff::Timestamp>, why: &str) -> String {
    let since = since.map_or_else(|| "so far".to_owned(), |since| format!("since {since}"));
    format!(
        "`{}` has said nothing about `{}` {since} ({why}); it stays as it is until it is observed",
        id.target, id.name
    )
}

fn too_old(id: &ResourceId, at: jiff::Timestamp, terms: &Terms) -> Option<String> {
    let age = terms.at.duration_since(at);
    (age > terms.max_age).then(|| {
        format!(
            "`{id}` was last observed at {at}, {} before this plan, and {} is allowed; observe it and plan again",
            words(age),
            words(terms.max_age)
        )
    })
}

/// A duration as people write it: `3h`, `25m`.
fn words(duration: jiff::SignedDuration) -> String {
    match duration.as_mins() {
        0 => format!("{}s", duration.as_secs()),
        minutes @ 1..120 => format!("{minutes}m"),
        minutes @ 120..2880 => format!("{}h", minutes / 60),
        minutes => format!("{}d", minutes / 1440),
    }
}

fn make(desired: &Desired, terms: &Terms) -> Draft {
    let fields = field_changes(desired, &Fields::new(), terms);
    Draft {
        undo: Some(Action::Destroy),
        disruptive: false,
        cost_delta: desired.marks.cost,
        quota_delta: quota_delta(&desired.marks.quota, &BTreeMap::new()),
        likeness: Likeness {
            renamed_from: desired.renamed_from.clone(),
            identity: desired.identity.clone(),
            content: content(&desired.fields, desired),
        },
        ..draft(Action::Create, fields, desired)
    }
}

fn change(
    desired: &Desired,
    there: &Fields,
    observed: &Observations,
    terms: &Terms,
) -> Option<Draft> {
    if let Some(payload) = desired.payload
        && there.get(PAYLOAD_FIELD).and_then(Value::as_str) == Some(payload.to_string().as_str())
    {
        return None;
    }
    let fields = field_changes(desired, there, terms);
    if fields.is_empty() {
        return None;
    }
    let replaces = fields.iter().any(|field| desired.replace_on.contains(&field.name));
    let action = if replaces { Action::Replace } else { Action::Update };
    let undo = (!replaces || desired.marks.restorable).then_some(action);
    let none = Marks::default();
    let before = observed.marks(&desired.id).unwrap_or(&none);
    Some(Draft {
        undo,
        disruptive: desired.marks.disruptive || before.disruptive,
        cost_delta: cost_delta(desired.marks.cost, before.cost),
        quota_delta: quota_delta(&desired.marks.quota, &before.quota),
        ..draft(action, fields, desired)
    })
}

fn unmake(there: &Fields, marks: Option<&Marks>) -> Draft {
    let marks = marks.cloned().unwrap_or_default();
    Draft {
        action: Action::Destroy,
        // What is taken away is named, not shown: its values may be secret and nobody is left to say so.
        fields: Vec::new(),
        payload: None,
        undo: marks.restorable.then_some(Action::Create),
        disruptive: marks.disruptive,
        failure_domain: marks.failure_domain,
        waits_for: BTreeSet::new(),
        carried_by: None,
        labels: marks.labels,
        cost_delta: marks.cost.map(|cost| Micros(cost.0.saturating_neg())),
        quota_delta: quota_delta(&BTreeMap::new(), &marks.quota),
        reverts: None,
        likeness: Likeness {
            content: there.iter().map(|(name, value)| (name.clone(), value.to_string())).collect(),
            ..Likeness::default()
        },
    }
}

/// Drafts what tools have planned. A tool carries all or nothing out, so whatever one of its changes waits for, the step
/// that carries them waits for.
fn propose(work: &mut Work<'_>, proposals: &[Proposal]) {
    for proposal in proposals {
        work.drafts.insert(proposal.resource.clone(), proposed(proposal));
    }
    for proposal in proposals {
        let Some(carrier) = &proposal.carried_by else { continue };
        let outside: Vec<ResourceId> = proposal
            .marks
            .depends_on
            .iter()
            .filter(|on| {
                let sibling = work.drafts.get(*on).and_then(|draft| draft.carried_by.as_ref());
                *on != carrier && sibling != Some(carrier)
            })
            .cloned()
            .collect();
        if let Some(draft) = work.drafts.get_mut(carrier) {
            draft.waits_for.extend(outside);
        }
    }
}

fn proposed(proposal: &Proposal) -> Draft {
    let marks = &proposal.marks;
    let waits_for = match &proposal.carried_by {
        Some(carrier) => BTreeSet::from([carrier.clone()]),
        None => marks.depends_on.clone(),
    };
    Draft {
        action: proposal.action,
        fields: proposal.fields.clone(),
        payload: proposal.payload,
        undo: proposal.undo,
        disruptive: marks.disruptive,
        failure_domain: marks.failure_domain.clone(),
        waits_for,
        carried_by: proposal.carried_by.clone(),
        labels: marks.labels.clone(),
        cost_delta: marks.cost,
        quota_delta: marks.quota.clone(),
        reverts: None,
        likeness: Likeness::default(),
    }
}

fn draft(action: Action, fields: Vec<FieldChange>, desired: &Desired) -> Draft {
    let marks = &desired.marks;
    Draft {
        action,
        fields,
        payload: desired.payload,
        undo: None,
        disruptive: marks.disruptive,
        failure_domain: marks.failure_domain.clone(),
        waits_for: marks.depends_on.clone(),
        carried_by: None,
        labels: marks.labels.clone(),
        cost_delta: None,
        quota_delta: BTreeMap::new(),
        reverts: None,
        likeness: Likeness::default(),
    }
}

/// The managed fields that differ, by name.
fn field_changes(desired: &Desired, there: &Fields, terms: &Terms) -> Vec<FieldChange> {
    let change = |name: &str, before: Option<&Value>, after: Option<&Value>| {
        let secret = desired.secret_fields.contains(name);
        let shown = |value: Option<&Value>| {
            let value = value.filter(|value| !value.is_null())?;
            Some(if secret { terms.fingerprints.fingerprint(value) } else { exact(value) })
        };
        FieldChange { name: name.to_owned(), before: shown(before), after: shown(after), secret }
    };
    // A system that keeps no secrets may report the fingerprint of the one that it was given.
    let same = |name: &String, want: &Value| {
        let have = there.get(name).unwrap_or(&Value::Null);
        have == want
            || desired.secret_fields.contains(name) && *have == terms.fingerprints.fingerprint(want)
    };
    let mut changes: Vec<FieldChange> = desired
        .fields
        .iter()
        .filter(|(name, want)| !same(name, want))
        .map(|(name, want)| change(name, there.get(name), Some(want)))
        .collect();
    if let Some(payload) = desired.payload {
        // With a payload the fields describe the whole content: what is not desired will be gone.
        let gone = there.iter().filter(|(name, _)| {
            !desired.fields.contains_key(*name) && name.as_str() != PAYLOAD_FIELD
        });
        changes.extend(gone.map(|(name, have)| change(name, Some(have), None)));
        let digest = Value::from(payload.to_string());
        changes.push(change(PAYLOAD_FIELD, there.get(PAYLOAD_FIELD), Some(&digest)));
        changes.sort_by(|a, b| a.name.cmp(&b.name));
    }
    changes
}

/// A value that canonical JSON keeps exactly: an integer that a double would round is shown as text (RFC 7493, section
/// 2.2), because two plans that differ in it must not have one hash.
fn exact(value: &Value) -> Value {
    const MAX_SAFE: i128 = (1 << 53) - 1;
    match value {
        Value::Number(number) if number.as_i128().is_some_and(|n| n.abs() > MAX_SAFE) => {
            Value::from(number.to_string())
        }
        Value::Array(items) => items.iter().map(exact).collect(),
        Value::Object(fields) => {
            Value::Object(fields.iter().map(|(name, field)| (name.clone(), exact(field))).collect())
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value.clone(),
    }
}

fn content(fields: &Fields, desired: &Desired) -> BTreeMap<String, String> {
    let payload = desired
        .payload
        .map(|payload| (PAYLOAD_FIELD.to_owned(), Value::from(payload.to_string()).to_string()));
    fields.iter().map(|(name, value)| (name.clone(), value.to_string())).chain(payload).collect()
}

/// None unless both are known: the difference to something unknown is unknown.
fn cost_delta(after: Option<Micros>, before: Option<Micros>) -> Option<Micros> {
    after.zip(before).map(|(after, before)| Micros(after.0.saturating_sub(before.0)))
}

fn quota_delta(
    after: &BTreeMap<String, i64>,
    before: &BTreeMap<String, i64>,
) -> BTreeMap<String, i64> {
    let of = |quotas: &BTreeMap<String, i64>, name: &String| quotas.get(name).copied().unwrap_or(0);
    after
        .keys()
        .chain(before.keys())
        .map(|name| (name.clone(), of(after, name).saturating_sub(of(before, name))))
        .filter(|(_, delta)| *delta != 0)
        .collect()
}
