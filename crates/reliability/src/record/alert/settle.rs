//! What time has brought: lapsed alerts, what keeps alerts quiet now, groups that are due, watchdogs that are missed.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::decide::{batches, ended, own, storm};
use super::{Because, Event, Fired, HeldNow, Notified, State};
use crate::alerts::{Compiled, Fingerprint, Held, Holding, MAX_ACTIVE, Route, Routing, Silences};
use crate::kinds::Reaction;
use crate::record::{Facts, silence};

/// Alerts that are told together.
#[derive(Clone, Debug)]
pub struct AlertGroup {
    /// Where they go. The category is that of the most urgent.
    pub route: Route,
    /// Which.
    pub alerts: Vec<Fingerprint>,
}

/// The key of a group: a hash of who is told and by which labels, fit for addresses.
pub fn group_key(route: &Route) -> String {
    // A name that no label has, so that the policy cannot be mistaken for one.
    let mut all = route.group.clone();
    all.0.insert(String::new(), route.policy.clone().unwrap_or_default());
    all.fingerprint().to_string()
}

/// The groups of all alerts that fire, by key; signs of life of watchdogs are in none.
pub fn groups(routing: &Routing, state: &State, now: Timestamp) -> BTreeMap<String, AlertGroup> {
    let mut groups: BTreeMap<String, AlertGroup> = BTreeMap::new();
    for (fingerprint, alert) in &state.active {
        if routing.watchdog(&alert.fired.labels).is_some() {
            continue;
        }
        let route = routing.route(&alert.fired.labels, now);
        let key = group_key(&route);
        let group = groups
            .entry(key)
            .or_insert_with(|| AlertGroup { route: route.clone(), alerts: Vec::new() });
        group.alerts.push(*fingerprint);
        // The most urgent alert says what is asked of people.
        if route.reaction < group.route.reaction {
            group.route = route;
        }
    }
    groups
}

/// Everything that is due.
pub(super) fn settle(routing: &Routing, lapsed: &[Fingerprint], facts: &Facts<'_>) -> Vec<Event> {
    let mut after = facts.record.alerts.clone();
    let mut events = Vec::new();
    let mut happen = |after: &mut State, more: Vec<Event>| {
        more.iter().for_each(|event| after.apply(event, facts.now));
        events.extend(more);
    };
    let known: Vec<_> =
        lapsed.iter().filter(|one| after.active.contains_key(one)).copied().collect();
    happen(&mut after, ended(&known, true));
    let more = watched(routing, &after, facts);
    happen(&mut after, more);
    let more = subsided(&after, facts);
    happen(&mut after, more);
    let more = held(routing, &after, facts);
    happen(&mut after, more);
    let more = due(routing, &after, facts.now);
    happen(&mut after, more);
    events
}

fn subsided(state: &State, facts: &Facts<'_>) -> Vec<Event> {
    // There must be room for a tenth, so that it is not said again and again.
    if state.overflow.is_empty() || state.active.len() > MAX_ACTIVE / 10 * 9 {
        return Vec::new();
    }
    let storm = storm(facts).labels.fingerprint();
    [vec![Event::Subsided {}], ended(&[storm], false)].concat()
}

/// What keeps each alert quiet, where that has changed.
fn held(routing: &Routing, state: &State, facts: &Facts<'_>) -> Vec<Event> {
    let labels = state.active.iter().map(|(key, alert)| (*key, &alert.fired.labels));
    let silences = silences(&facts.record.silences, facts.now);
    let holding = Holding::of(routing, &silences, labels.clone(), facts.now);
    let held = labels.filter_map(|(fingerprint, labels)| {
        let held: Held = holding.held(fingerprint, labels);
        let before = state.active.get(&fingerprint).map(|alert| &alert.held);
        (before != Some(&held)).then_some(HeldNow { fingerprint, held })
    });
    let size = |now: &HeldNow| 80 + 40 * now.held.silenced_by.len();
    batches(held.collect(), size).into_iter().map(|alerts| Event::Held { alerts }).collect()
}

/// The silences that are in force, ready to match.
fn silences(all: &BTreeMap<String, silence::State>, now: Timestamp) -> Silences {
    let active = all.iter().filter(|(_, silence)| silence.is_active(now));
    let ready = active.filter_map(|(id, silence)| {
        Some((id.clone(), Compiled::of(&silence.terms.matchers).ok()?))
    });
    Silences::of(ready)
}

/// The groups that people have to be told of now.
fn due(routing: &Routing, state: &State, now: Timestamp) -> Vec<Event> {
    let groups = groups(routing, state, now);
    let mut notices = Vec::new();
    for (key, group) in &groups {
        let free = group.alerts.iter().filter_map(|one| state.active.get(one));
        let free: Vec<_> = free.filter(|alert| alert.held.is_free()).collect();
        let newest = free.iter().map(|alert| alert.at.max(alert.since)).max();
        let Some(newest) = newest.filter(|_| group.route.reaction != Reaction::None) else {
            continue;
        };
        let oldest = free.iter().map(|alert| alert.at).min().unwrap_or(newest);
        let because = match state.told.get(key) {
            None if now.duration_since(oldest) >= routing.group_wait() => Because::Fires,
            None => continue,
            Some(told) if newest > told.at => {
                if now.duration_since(told.at) < routing.group_interval() {
                    continue;
                }
                Because::MoreFires
            }
            Some(told) if told.acknowledged.is_some() => continue,
            Some(told) if now.duration_since(told.at) >= routing.repeat_interval() => {
                Because::StillFires
            }
            Some(_) => continue,
        };
        notices.push(notice(key, group, free.len(), because));
    }
    let over = state.told.iter().filter(|(key, _)| !groups.contains_key(*key));
    notices.extend(over.map(|(_, told)| Notified {
        firing: 0,
        because: Because::IsOver,
        ..told.said.clone()
    }));
    let size = |notice: &Notified| 300 + 2 * notice.group.len();
    batches(notices, size).into_iter().map(|groups| Event::Notified { groups }).collect()
}

fn notice(key: &str, group: &AlertGroup, firing: usize, because: Because) -> Notified {
    Notified {
        group: key.to_owned(),
        labels: group.route.group.clone(),
        policy: group.route.policy.clone(),
        service: group.route.service.clone(),
        reaction: group.route.reaction,
        firing: u32::try_from(firing).unwrap_or(u32::MAX),
        because,
    }
}

/// Watchdogs that are heard again, that have gone, and that are missed for too long.
fn watched(routing: &Routing, state: &State, facts: &Facts<'_>) -> Vec<Event> {
    let labels = state.active.values().map(|alert| &alert.fired.labels);
    let heard: BTreeSet<&str> = labels.filter_map(|labels| routing.watchdog(labels)).collect();
    let (mut events, mut missed, mut back) = (Vec::new(), Vec::new(), Vec::new());
    for (name, within, service) in routing.watchdogs() {
        let alive = heard.contains(name);
        let alarm = alarm(name, service, facts);
        let fingerprint = alarm.labels.fingerprint();
        let alarmed = state.active.contains_key(&fingerprint);
        let watch = state.watchdogs.get(name);
        if watch.is_none_or(|watch| watch.alive != alive) {
            events.push(Event::Watched { watchdog: name.to_owned(), alive });
        } else if let Some(watch) = watch.filter(|watch| !watch.alive && !alarmed)
            && facts.now.duration_since(watch.since) >= within
        {
            missed.push(alarm);
        }
        if alive && alarmed {
            back.push(fingerprint);
        }
    }
    events.extend(super::decide::fires(missed));
    events.extend(ended(&back, false));
    events
}

fn alarm(name: &str, service: Option<&str>, facts: &Facts<'_>) -> Fired {
    let labels = [("alertname", "WatchdogSilent"), ("severity", "critical"), ("watchdog", name)];
    let labels = labels.into_iter().chain(service.map(|service| ("service", service)));
    let summary = format!("The watchdog `{name}` is silent: nobody would hear of anything");
    own(labels, &summary, facts)
}
