//! Every resource by itself: what should be against what is.
//!
//! One walk over two sorted lists, so that a plan of 100,000 resources is a matter of milliseconds.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;
use serde_json::Value;

use super::draft::{Draft, Likeness, Work};
use super::{PAYLOAD_FIELD, Terms};
use crate::held::{Held, Reason};
use crate::observed::{Coverage, Observations, Observed};
use crate::proposal::Proposal;
use crate::resource::{Desired, Fields, Marks, Micros, ResourceId};
use crate::step::{Action, FieldChange};

/// Drafts a step for everything that differs, and holds what cannot be judged.
///
/// Which names meet is found in one walk; what each of them comes to is a matter of its own, and is judged on all cores.
pub(super) fn differ<'a>(
    desired: &'a [Desired],
    observed: &'a Observations,
    terms: &'a Terms,
) -> Work<'a> {
    let mut work = Work::default();
    let cases = cases(desired, observed, &mut work);
    let judged: Vec<Judged<'_>> = cases
        .into_par_iter()
        .filter(|case| wanted_here(terms, case.id()))
        .filter_map(|case| case.judge(observed, terms))
        .collect();
    let mut drafts = Vec::with_capacity(judged.len());
    for judged in judged {
        match judged {
            Judged::Draft(id, draft) => drafts.push((id, draft)),
            Judged::Held(held) => work.held.push(held),
        }
    }
    // They stand by name already, so that the map is made in one go and no place in it is searched for.
    work.drafts = drafts.into_iter().collect();
    propose(&mut work, &terms.proposals);
    work
}

/// One resource, to be judged by itself.
#[derive(Debug, Clone, Copy)]
enum Case<'a> {
    /// It should be, and this is what was seen of it.
    Wanted(&'a Desired, Option<Seen<'a>>),
    /// It was seen, and nobody wants it.
    Unwanted(&'a ResourceId, Seen<'a>),
}

/// What is said about a resource, and what is known of it besides its fields.
type Seen<'a> = (&'a Observed, Option<&'a Marks>);

/// What it comes to.
#[derive(Debug)]
enum Judged<'a> {
    Draft(ResourceId, Box<Draft<'a>>),
    Held(Held),
}

impl<'a> Case<'a> {
    fn id(&self) -> &'a ResourceId {
        match self {
            Self::Wanted(desired, _) => &desired.id,
            Self::Unwanted(id, _) => id,
        }
    }

    /// Nothing where all is as it should be.
    fn judge(self, observed: &Observations, terms: &Terms) -> Option<Judged<'a>> {
        match self {
            Self::Wanted(desired, there) => wanted(desired, there, observed, terms),
            Self::Unwanted(id, there) => unwanted(id, there, observed, terms),
        }
    }
}

/// Everything that is desired or was seen, by name, in one walk over two sorted lists.
fn cases<'a>(
    desired: &'a [Desired],
    observed: &'a Observations,
    work: &mut Work<'a>,
) -> Vec<Case<'a>> {
    let unique = in_order(desired, work);
    // A name that is desired twice is desired.
    let twice = std::mem::take(&mut work.desired);
    let mut cases = Vec::with_capacity(unique.len());
    let mut stand: Vec<_> = Vec::with_capacity(unique.len());
    let mut seen = observed.marked().peekable();
    let unwanted = |(id, there): (&'a ResourceId, Seen<'a>)| {
        (!twice.contains_key(id)).then_some(Case::Unwanted(id, there))
    };
    for resource in unique {
        while let Some(found) = seen.next_if(|(id, _)| *id < &resource.id) {
            cases.extend(unwanted(found));
        }
        let there = seen.next_if(|(id, _)| *id == &resource.id).map(|(_, there)| there);
        stand.push((&resource.id, &resource.marks.depends_on));
        cases.push(Case::Wanted(resource, there));
    }
    cases.extend(seen.filter_map(unwanted));
    for case in &cases {
        let (Case::Wanted(_, Some((there, _))) | Case::Unwanted(_, (there, _))) = case else {
            continue;
        };
        if matches!(there, Observed::Known { .. }) {
            *work.known.entry(&case.id().target).or_default() += 1;
        }
    }
    work.desired = stand.into_iter().collect();
    work.desired.extend(twice);
    cases
}

/// The desired resources by name; those that are desired twice, differently, are held.
fn in_order<'a>(desired: &'a [Desired], work: &mut Work<'a>) -> Vec<&'a Desired> {
    let mut sorted: Vec<&Desired> = desired.iter().collect();
    sorted.par_sort_by(|a, b| a.id.cmp(&b.id));
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
fn wanted<'a>(
    desired: &'a Desired,
    there: Option<Seen<'_>>,
    observed: &Observations,
    terms: &Terms,
) -> Option<Judged<'a>> {
    let unlisted;
    let (there, marks) = match there {
        Some(seen) => seen,
        None => {
            unlisted = observed.unlisted(&desired.id.target);
            (&unlisted, None)
        }
    };
    let (draft, at) = match there {
        Observed::Unknown { since, why } => {
            let text = silent(&desired.id, since.as_ref(), why);
            return Some(held(&desired.id, None, Reason::Silent, text));
        }
        Observed::Absent { at } => (make(desired, terms), *at),
        Observed::Known { fields, at } => (change(desired, (fields, marks), terms)?, *at),
    };
    Some(match too_old(&desired.id, at, terms) {
        Some(text) => held(&desired.id, Some(draft.action), Reason::TooOld, text),
        None => Judged::Draft(desired.id.clone(), Box::new(draft)),
    })
}

/// A resource that is reported and not desired.
fn unwanted<'a>(
    id: &ResourceId,
    (there, marks): Seen<'_>,
    observed: &Observations,
    terms: &Terms,
) -> Option<Judged<'a>> {
    let destroy = Some(Action::Destroy);
    let (fields, at) = match there {
        Observed::Known { fields, at } => (fields, *at),
        // Nothing wants it and nothing is there.
        Observed::Absent { .. } => return None,
        Observed::Unknown { since, why } => {
            let text = silent(id, since.as_ref(), why);
            return Some(held(id, destroy, Reason::Silent, text));
        }
    };
    match observed.coverage().get(&id.target) {
        Some(Coverage::Complete { .. }) => {}
        Some(Coverage::Silent { since, why }) => {
            let text = silent(id, since.as_ref(), why);
            return Some(held(id, destroy, Reason::Silent, text));
        }
        None => {
            let text = silent(id, None, "it was asked about single resources only");
            return Some(held(id, destroy, Reason::Silent, text));
        }
    }
    Some(match too_old(id, at, terms) {
        Some(text) => held(id, destroy, Reason::TooOld, text),
        None => Judged::Draft(id.clone(), Box::new(unmake(fields, marks))),
    })
}

fn held<'a>(
    resource: &ResourceId,
    would: Option<Action>,
    reason: Reason,
    text: String,
) -> Judged<'a> {
    Judged::Held(Held { resource: resource.clone(), would, reason, text })
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

fn make<'a>(desired: &'a Desired, terms: &Terms) -> Draft<'a> {
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

fn change<'a>(
    desired: &'a Desired,
    (there, marks): (&Fields, Option<&Marks>),
    terms: &Terms,
) -> Option<Draft<'a>> {
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
    let before = marks.unwrap_or(&none);
    Some(Draft {
        undo,
        disruptive: desired.marks.disruptive || before.disruptive,
        cost_delta: cost_delta(desired.marks.cost, before.cost),
        quota_delta: quota_delta(&desired.marks.quota, &before.quota),
        ..draft(action, fields, desired)
    })
}

fn unmake<'a>(there: &Fields, marks: Option<&Marks>) -> Draft<'a> {
    let marks = marks.cloned().unwrap_or_default();
    Draft {
        action: Action::Destroy,
        // What is taken away is named, not shown: its values may be secret and nobody is left to say so.
        fields: Vec::new(),
        payload: None,
        undo: marks.restorable.then_some(Action::Create),
        disruptive: marks.disruptive,
        failure_domain: marks.failure_domain,
        waits_for: Cow::default(),
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
fn propose<'a>(work: &mut Work<'a>, proposals: &'a [Proposal]) {
    for proposal in proposals {
        work.drafts.insert(proposal.resource.clone(), Box::new(proposed(proposal)));
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
            draft.waits_for.to_mut().extend(outside);
        }
    }
}

fn proposed(proposal: &Proposal) -> Draft<'_> {
    let marks = &proposal.marks;
    let waits_for = match &proposal.carried_by {
        Some(carrier) => Cow::Owned(BTreeSet::from([carrier.clone()])),
        None => Cow::Borrowed(&marks.depends_on),
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

fn draft(action: Action, fields: Vec<FieldChange>, desired: &Desired) -> Draft<'_> {
    let marks = &desired.marks;
    Draft {
        action,
        fields,
        payload: desired.payload,
        undo: None,
        disruptive: marks.disruptive,
        failure_domain: marks.failure_domain.clone(),
        waits_for: Cow::Borrowed(&marks.depends_on),
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
