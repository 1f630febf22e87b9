//! What follows from news of alerts, and from what people do about them.

use std::collections::BTreeMap;

use governance::Refusal;

use super::settle::{groups, settle};
use super::{Command, Event, Fired, State};
use crate::alerts::{Fingerprint, Labels, MAX_BATCH, MAX_BATCH_BYTES, Routing};
use crate::record::Facts;

/// Carries out a command about alerts, or says why not.
///
/// # Errors
/// Refuses what changes nothing, and what is about a group that is not there.
pub fn decide(command: &Command, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
    let state = &facts.record.alerts;
    let events = match command {
        Command::Receive { fired, resolved, late, overflowed } => {
            let fresh = |one: &&Fired| !state.active.contains_key(&one.labels.fingerprint());
            let known = |one: &&Fingerprint| state.active.contains_key(one);
            let resolved: Vec<_> = resolved.iter().filter(known).copied().collect();
            let mut events = ended(&resolved, false);
            let gone = |one: &&Fired| resolved.contains(&one.labels.fingerprint());
            let fired = fired.iter().filter(|one| fresh(one) || gone(one)).cloned();
            events.extend(fires(fired.collect()));
            let late = late.iter().filter(fresh).cloned().collect();
            events.extend(batches(late, size).into_iter().map(|alerts| Event::Late { alerts }));
            events.extend(overflows(state, overflowed, facts));
            events
        }
        Command::Settle { lapsed } => settle(&Routing::of(facts.model), lapsed, facts),
        Command::Acknowledge { group } => {
            let person = facts.person()?.to_owned();
            let alerts = members(group, facts)?;
            let seen = alerts.iter().filter_map(|one| state.active.get(one));
            if seen.clone().all(|alert| alert.acknowledged.is_some()) {
                let first = seen.filter_map(|alert| alert.acknowledged.as_ref()).next();
                let who = first.map_or("somebody", |seen| seen.person.as_str());
                return Err(Refusal::new("nothing-new", format!("`{who}` has it already"))
                    .passes_if("more of it fires"));
            }
            vec![Event::Acknowledged { group: group.clone(), alerts, person }]
        }
        Command::Link { group, incident } => {
            if !facts.record.incidents.contains_key(incident) {
                return Err(Refusal::new(
                    "no-incident",
                    format!("there is no incident `{incident}`"),
                )
                .passes_if("its id is one of the record"));
            }
            let alerts = members(group, facts)?;
            vec![Event::Linked { group: group.clone(), alerts, incident: incident.clone() }]
        }
    };
    if events.is_empty() {
        return Err(
            Refusal::new("nothing-new", "all of it is known").passes_if("something changes")
        );
    }
    Ok(events)
}

fn members(group: &str, facts: &Facts<'_>) -> Result<Vec<Fingerprint>, Refusal> {
    let found = groups(&Routing::of(facts.model), &facts.record.alerts, facts.now);
    let found = found.get(group).map(|group| group.alerts.clone()).unwrap_or_default();
    if found.is_empty() {
        return Err(Refusal::new("no-group", format!("no alert of the group `{group}` fires"))
            .passes_if("it is one of `council alert list`"));
    }
    Ok(found)
}

/// That there are more than can be kept is said once for each name, and fires an alert that pages.
fn overflows(state: &State, overflowed: &BTreeMap<String, u64>, facts: &Facts<'_>) -> Vec<Event> {
    let mut names = overflowed.clone();
    names.retain(|name, _| !state.overflow.contains_key(name));
    if names.is_empty() {
        return Vec::new();
    }
    let mut events = vec![Event::Overflowed { names }];
    let storm = storm(facts);
    if !state.active.contains_key(&storm.labels.fingerprint()) {
        events.push(Event::Fired { alerts: vec![storm] });
    }
    events
}

/// The alert that there are more alerts than can be kept.
pub(super) fn storm(facts: &Facts<'_>) -> Fired {
    let summary = "More alerts fire than can be kept; the rest are counted by name";
    own([("alertname", "AlertStorm"), ("severity", "critical")], summary, facts)
}

/// An alert of council itself.
pub(super) fn own<'a>(
    labels: impl IntoIterator<Item = (&'a str, &'a str)>,
    summary: &str,
    facts: &Facts<'_>,
) -> Fired {
    Fired {
        labels: Labels::of(labels),
        annotations: BTreeMap::from([("summary".to_owned(), summary.to_owned())]),
        starts_at: facts.now,
        generator_url: None,
        own: true,
    }
}

/// The events that say that alerts began.
pub(super) fn fires(alerts: Vec<Fired>) -> Vec<Event> {
    batches(alerts, size).into_iter().map(|alerts| Event::Fired { alerts }).collect()
}

/// The events that say that alerts are over.
pub(super) fn ended(alerts: &[Fingerprint], lapsed: bool) -> Vec<Event> {
    let batches = alerts.chunks(MAX_BATCH * 10);
    batches.map(|some| Event::Resolved { alerts: some.to_vec(), lapsed }).collect()
}

/// How many bytes an alert takes in an entry, about.
fn size(fired: &Fired) -> usize {
    let texts = fired.labels.0.iter().chain(&fired.annotations);
    100 + texts.map(|(name, value)| name.len() + value.len() + 8).sum::<usize>()
}

/// Parts of a list, each within the limits of one entry.
pub(super) fn batches<T>(all: Vec<T>, size: impl Fn(&T) -> usize) -> Vec<Vec<T>> {
    let mut parts: Vec<Vec<T>> = Vec::new();
    let mut bytes = 0;
    for one in all {
        let more = size(&one);
        match parts.last_mut() {
            Some(part) if part.len() < MAX_BATCH && bytes + more <= MAX_BATCH_BYTES => {
                part.push(one);
                bytes += more;
            }
            _ => {
                parts.push(vec![one]);
                bytes = more;
            }
        }
    }
    parts
}
