//! Alerts as they stand: by group, with why somebody was told or nobody is, and the silences.

use std::collections::BTreeMap;

use jiff::Timestamp;
use org::views::PersonRef;
use schemars::JsonSchema;
use serde::Serialize;

use super::Reading;
use crate::alerts::{Compiled, Fingerprint, Labels, Matcher, Routing};
use crate::kinds::{Reaction, Runbook};
use crate::record::alert::{Alert, Because, Seen, groups};
use crate::record::silence::{self, Stage};

/// Everything that fires.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct AlertList {
    /// By group, the most urgent first, then the newest.
    pub groups: Vec<AlertGroupRow>,
    /// Watchdogs.
    pub watchdogs: Vec<WatchdogRow>,
    /// How many alerts there were beyond what can be kept, by name; empty when all are kept.
    pub overflow: BTreeMap<String, u64>,
}

/// Alerts that are told together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct AlertGroupRow {
    /// Its key.
    pub key: String,
    /// The alert's name, or what the group is made by.
    pub title: String,
    /// The labels that it is grouped by.
    pub labels: Labels,
    /// The same as matchers, to begin a silence with.
    pub matchers: String,
    /// The service that it is about.
    pub service: Option<String>,
    /// The escalation policy that is told.
    pub policy: Option<String>,
    /// The category's name.
    pub category: Option<String>,
    /// What is asked of people.
    pub reaction: Reaction,
    /// Since when it fires.
    pub since: Timestamp,
    /// Who was told, when and why; nothing when nobody was.
    pub told: Option<ToldRow>,
    /// Who has it.
    pub acknowledged: Option<SeenRow>,
    /// The incident that it belongs to.
    pub incident: Option<String>,
    /// How many of its alerts nothing keeps quiet.
    pub free: usize,
    /// How many there are.
    pub count: usize,
    /// The first of them.
    pub alerts: Vec<AlertRow>,
}

/// When people were told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ToldRow {
    /// First.
    pub first: Timestamp,
    /// Last.
    pub at: Timestamp,
    /// Why.
    pub because: Because,
}

/// Who has seen something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct SeenRow {
    /// Who.
    pub person: PersonRef,
    /// When.
    pub at: Timestamp,
}

/// One alert.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct AlertRow {
    /// Its fingerprint.
    pub fingerprint: Fingerprint,
    /// Its labels, without those of the group.
    pub labels: Labels,
    /// What it says.
    pub summary: Option<String>,
    /// The address of its runbook: the one that it names, or else one that is about its service. One of the playbook begins
    /// with `/runbooks/`.
    pub runbook: Option<String>,
    /// Since when it fires.
    pub since: Timestamp,
    /// What keeps it quiet, in words; empty when nothing does.
    pub quiet: Vec<String>,
    /// Where it comes from.
    pub source: Option<String>,
}

/// A watchdog.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct WatchdogRow {
    /// Its name.
    pub name: String,
    /// Whether it is heard.
    pub alive: bool,
    /// Since when.
    pub since: Option<Timestamp>,
    /// How many seconds it may be missing.
    pub within_seconds: i64,
}

/// A silence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct SilenceRow {
    /// Its id.
    pub id: String,
    /// How it stands.
    pub stage: Stage,
    /// What it matches, as it is written.
    pub matchers: Vec<String>,
    /// From when.
    pub starts_at: Timestamp,
    /// Until when.
    pub ends_at: Timestamp,
    /// Whose it is.
    pub person: PersonRef,
    /// Why.
    pub comment: String,
    /// How many alerts it matches now.
    pub matches: usize,
    /// Whether it ended by itself, because it matched nothing.
    pub was_idle: bool,
}

/// How many alerts of a group are shown; the interface of Alertmanager has all of them.
const SHOWN: usize = 20;

/// Everything that fires, by group.
pub fn alerts(reading: &Reading<'_>) -> AlertList {
    let state = &reading.record.alerts;
    let routing = Routing::of(reading.model);
    let found = groups(&routing, state, reading.now);
    let mut rows: Vec<_> = found
        .into_iter()
        .map(|(key, group)| {
            let members =
                group.alerts.iter().filter_map(|one| Some((*one, state.active.get(one)?)));
            let members: Vec<_> = members.collect();
            let told = state.told.get(&key);
            let all = || members.iter().map(|(_, alert)| *alert);
            let seen = all().map(|alert| alert.acknowledged.as_ref());
            let everybody = seen.clone().all(|seen| seen.is_some());
            let name = group.route.group.name();
            AlertGroupRow {
                title: if name.is_empty() {
                    group.route.group.to_string()
                } else {
                    name.to_owned()
                },
                since: all().map(|alert| alert.at).min().unwrap_or(reading.now),
                told: told.map(|told| ToldRow {
                    first: told.first,
                    at: told.at,
                    because: told.said.because,
                }),
                acknowledged: seen
                    .flatten()
                    .next()
                    .filter(|_| everybody)
                    .map(|seen| seen_row(reading, seen)),
                incident: all().find_map(|alert| alert.incident.clone()),
                free: all().filter(|alert| alert.held.is_free()).count(),
                count: members.len(),
                alerts: members
                    .iter()
                    .take(SHOWN)
                    .map(|(key, alert)| {
                        let service = group.route.service.as_deref();
                        alert_row(reading, (*key, alert), service, &group.route.group)
                    })
                    .collect(),
                matchers: group.route.group.to_string(),
                labels: group.route.group,
                service: group.route.service,
                policy: group.route.policy,
                category: group.route.category,
                reaction: group.route.reaction,
                key,
            }
        })
        .collect();
    rows.sort_by_key(|row| (row.free == 0, row.reaction, std::cmp::Reverse(row.since)));
    let watchdogs = routing.watchdogs().map(|(name, within, _)| {
        let watch = state.watchdogs.get(name);
        WatchdogRow {
            name: name.to_owned(),
            alive: watch.is_some_and(|watch| watch.alive),
            since: watch.map(|watch| watch.since),
            within_seconds: within.as_secs(),
        }
    });
    AlertList { groups: rows, watchdogs: watchdogs.collect(), overflow: state.overflow.clone() }
}

fn seen_row(reading: &Reading<'_>, seen: &Seen) -> SeenRow {
    SeenRow { person: PersonRef::of(reading.model, &seen.person), at: seen.at }
}

fn alert_row(
    reading: &Reading<'_>,
    (fingerprint, alert): (Fingerprint, &Alert),
    service: Option<&str>,
    group: &Labels,
) -> AlertRow {
    let mut labels = alert.fired.labels.clone();
    labels.0.retain(|name, _| !group.0.contains_key(name));
    let said = |name: &str| alert.fired.annotations.get(name).cloned();
    AlertRow {
        fingerprint,
        labels,
        summary: said("summary").or_else(|| said("description")).or_else(|| said("message")),
        runbook: runbook_address(reading, said("runbook_url").as_deref(), service),
        since: alert.at,
        quiet: quiet(reading, alert),
        source: alert.fired.generator_url.clone().filter(|url| is_link(url)),
    }
}

/// Where to read what to do.
fn runbook_address(
    reading: &Reading<'_>,
    said: Option<&str>,
    service: Option<&str>,
) -> Option<String> {
    let own = |name: &str| format!("/runbooks/{name}");
    match said {
        Some(url) if is_link(url) => Some(url.to_owned()),
        Some(name) => {
            let name = name.strip_prefix("runbook/").unwrap_or(name);
            reading.model.get::<Runbook>(name).map(|found| own(found.name()))
        }
        None => {
            let about = |book: &playbook::Typed<'_, Runbook>| {
                book.services.iter().any(|one| Some(one.name()) == service)
            };
            reading.model.all::<Runbook>().find(about).map(|found| own(found.name()))
        }
    }
}

/// What was sent may hold anything; only addresses of the web become links.
fn is_link(url: &str) -> bool {
    url.starts_with("https://") || url.starts_with("http://")
}

fn quiet(reading: &Reading<'_>, alert: &Alert) -> Vec<String> {
    let mut why = Vec::new();
    for id in &alert.held.silenced_by {
        why.push(match reading.record.silences.get(id) {
            Some(silence) => {
                let until = silence.terms.ends_at.strftime("%Y-%m-%d %H:%M UTC");
                format!("silenced by `person/{}` until {until}", silence.person)
            }
            None => format!("silenced by `{id}`"),
        });
    }
    for cause in &alert.held.inhibited_by {
        let cause = reading.record.alerts.active.get(cause).map(|cause| cause.fired.labels.name());
        why.push(format!("kept quiet by `{}`", cause.unwrap_or("an alert that is over")));
    }
    if alert.held.muted {
        why.push("out of its hours".to_owned());
    }
    why
}

/// All silences: those in force, those ahead, and those that are over, the newest first within each.
pub fn silences(reading: &Reading<'_>) -> Vec<SilenceRow> {
    let mut rows: Vec<_> =
        reading.record.silences.iter().map(|(id, one)| silence_row(reading, id, one)).collect();
    rows.sort_by(|left, right| {
        left.stage
            .cmp(&right.stage)
            .then_with(|| right.starts_at.cmp(&left.starts_at))
            .then_with(|| left.id.cmp(&right.id))
    });
    rows
}

/// One silence.
pub fn silence_row(reading: &Reading<'_>, id: &str, silence: &silence::State) -> SilenceRow {
    let stage = silence.stage(reading.now);
    let matches =
        if stage == Stage::Expired { 0 } else { matched(reading, &silence.terms.matchers).len() };
    SilenceRow {
        stage,
        matchers: silence.terms.matchers.iter().map(ToString::to_string).collect(),
        starts_at: silence.terms.starts_at,
        ends_at: silence.expired.as_ref().map_or(silence.terms.ends_at, |(at, _)| *at),
        person: PersonRef::of(reading.model, &silence.person),
        comment: reading.texts.read(&format!("silence/{id}"), &silence.terms.comment),
        matches,
        was_idle: matches!(silence.expired, Some((_, None))),
        id: id.to_owned(),
    }
}

/// The alerts that fire and that matchers match: what a silence would keep quiet.
pub fn matched(reading: &Reading<'_>, matchers: &[Matcher]) -> Vec<AlertRow> {
    let Ok(compiled) = Compiled::of(matchers) else { return Vec::new() };
    let all = reading.record.alerts.active.iter();
    let matching = all.filter(|(_, alert)| compiled.matches(&alert.fired.labels));
    let row = |(key, alert): (&Fingerprint, &Alert)| {
        let service = Some(alert.fired.labels.get("service")).filter(|name| !name.is_empty());
        alert_row(reading, (*key, alert), service, &Labels::default())
    };
    matching.map(row).collect()
}
