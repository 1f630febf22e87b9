//! What is known of alerts, folded from their events.

use std::collections::BTreeMap;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Because, Event, Fired, Notified};
use crate::alerts::{Fingerprint, Held, Labels, MAX_EPISODES, MAX_NAMES};

/// Who has seen something, and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "AlertSeen")]
pub struct Seen {
    /// The person's name.
    pub person: String,
    /// When.
    pub at: Timestamp,
}

/// An alert that fires.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alert {
    /// What was sent.
    #[serde(flatten)]
    pub fired: Fired,
    /// When council heard of it.
    pub at: Timestamp,
    /// What keeps it quiet.
    pub held: Held,
    /// Since when that has been so.
    pub since: Timestamp,
    /// Who has seen it.
    pub acknowledged: Option<Seen>,
    /// The incident that it belongs to.
    pub incident: Option<String>,
}

/// A group that people were told of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// What they were told last.
    pub said: Notified,
    /// When first.
    pub first: Timestamp,
    /// When last.
    pub at: Timestamp,
    /// Who has seen it.
    pub acknowledged: Option<Seen>,
}

/// One time that an alert fired.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Episode {
    /// Which alert of the name.
    pub fingerprint: Fingerprint,
    /// Its labels.
    pub labels: Labels,
    /// From when.
    pub from: Timestamp,
    /// Until when.
    pub to: Timestamp,
    /// What kept it quiet at its end.
    pub held: Held,
    /// When somebody had seen it.
    pub acknowledged: Option<Seen>,
    /// The incident that it belonged to.
    pub incident: Option<String>,
    /// Whether its sender just stopped sending it.
    pub lapsed: bool,
    /// Whether it was over before it was heard of.
    pub late: bool,
}

/// What is known of an alert's name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct History {
    /// How often it fired.
    pub fired: u64,
    /// How often people were told.
    pub told: u64,
    /// The last times, oldest first.
    pub episodes: Vec<Episode>,
}

/// How a watchdog stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Watch {
    /// Whether it is there.
    pub alive: bool,
    /// Since when.
    pub since: Timestamp,
}

/// All alerts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    /// What fires.
    pub active: BTreeMap<Fingerprint, Alert>,
    /// The groups that people were told of and that are not over, by key.
    pub told: BTreeMap<String, Told>,
    /// What is known of each name.
    pub names: BTreeMap<String, History>,
    /// How many there were beyond what can be kept, by name; empty when there is room.
    pub overflow: BTreeMap<String, u64>,
    /// Watchdogs by name.
    pub watchdogs: BTreeMap<String, Watch>,
    /// When each silence matched something last, by id.
    pub silenced: BTreeMap<String, Timestamp>,
}

impl State {
    /// Takes in an event.
    pub fn apply(&mut self, event: &Event, at: Timestamp) {
        match event {
            Event::Fired { alerts } => alerts.iter().for_each(|fired| self.fire(fired, at)),
            Event::Resolved { alerts, lapsed } => {
                alerts.iter().for_each(|fingerprint| self.end(*fingerprint, *lapsed, at));
            }
            Event::Late { alerts } => {
                for fired in alerts {
                    let history = self.history(fired.labels.name());
                    history.fired += 1;
                    let episode = Episode { late: true, ..episode(fired, at) };
                    keep(&mut history.episodes, episode);
                }
            }
            Event::Held { alerts } => {
                for now in alerts {
                    let Some(alert) = self.active.get_mut(&now.fingerprint) else { continue };
                    for id in alert.held.silenced_by.iter().chain(&now.held.silenced_by) {
                        self.silenced.insert(id.clone(), at);
                    }
                    alert.held = now.held.clone();
                    alert.since = at;
                }
            }
            Event::Notified { groups } => groups.iter().for_each(|group| self.tell(group, at)),
            Event::Acknowledged { group, alerts, person } => {
                let seen = || Some(Seen { person: person.clone(), at });
                if let Some(told) = self.told.get_mut(group) {
                    told.acknowledged = seen();
                }
                for alert in alerts {
                    if let Some(alert) = self.active.get_mut(alert) {
                        alert.acknowledged = seen();
                    }
                }
            }
            Event::Linked { alerts, incident, .. } => {
                for alert in alerts {
                    if let Some(alert) = self.active.get_mut(alert) {
                        alert.incident = Some(incident.clone());
                    }
                }
            }
            Event::Overflowed { names } => {
                for (name, count) in names {
                    *self.overflow.entry(name.clone()).or_default() += count;
                }
            }
            Event::Subsided {} => self.overflow.clear(),
            Event::Watched { watchdog, alive } => {
                self.watchdogs.insert(watchdog.clone(), Watch { alive: *alive, since: at });
            }
        }
    }

    fn fire(&mut self, fired: &Fired, at: Timestamp) {
        self.history(fired.labels.name()).fired += 1;
        let alert = Alert {
            fired: fired.clone(),
            at,
            held: Held::default(),
            since: at,
            acknowledged: None,
            incident: None,
        };
        self.active.insert(fired.labels.fingerprint(), alert);
    }

    fn end(&mut self, fingerprint: Fingerprint, lapsed: bool, at: Timestamp) {
        let Some(alert) = self.active.remove(&fingerprint) else { return };
        for id in &alert.held.silenced_by {
            self.silenced.insert(id.clone(), at);
        }
        let Alert { fired, held, acknowledged, incident, at: from, .. } = alert;
        let episode = Episode { from, held, acknowledged, incident, lapsed, ..episode(&fired, at) };
        keep(&mut self.history(fired.labels.name()).episodes, episode);
    }

    fn tell(&mut self, said: &Notified, at: Timestamp) {
        let name = said.labels.name().to_owned();
        match (self.told.get_mut(&said.group), said.because) {
            (_, Because::IsOver) => {
                self.told.remove(&said.group);
                return;
            }
            (Some(told), because) => {
                if because == Because::MoreFires {
                    told.acknowledged = None;
                }
                told.said = said.clone();
                told.at = at;
            }
            (None, _) => {
                let told = Told { said: said.clone(), first: at, at, acknowledged: None };
                self.told.insert(said.group.clone(), told);
            }
        }
        if !name.is_empty() {
            self.history(&name).told += 1;
        }
    }

    /// The history of a name; makes room by forgetting the one that was quiet longest.
    fn history(&mut self, name: &str) -> &mut History {
        if self.names.len() >= MAX_NAMES && !self.names.contains_key(name) {
            let last = |history: &History| history.episodes.last().map(|episode| episode.to);
            let quiet = self.names.iter().min_by_key(|(_, history)| last(history));
            if let Some(name) = quiet.map(|(name, _)| name.clone()) {
                self.names.remove(&name);
            }
        }
        self.names.entry(name.to_owned()).or_default()
    }
}

fn episode(fired: &Fired, at: Timestamp) -> Episode {
    Episode {
        fingerprint: fired.labels.fingerprint(),
        labels: fired.labels.clone(),
        from: fired.starts_at.min(at),
        to: at,
        held: Held::default(),
        acknowledged: None,
        incident: None,
        lapsed: false,
        late: false,
    }
}

fn keep(episodes: &mut Vec<Episode>, episode: Episode) {
    if episodes.len() >= MAX_EPISODES {
        episodes.remove(0);
    }
    episodes.push(episode);
}
