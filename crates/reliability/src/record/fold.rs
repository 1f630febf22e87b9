//! The fold over everything that this room records.

use std::collections::BTreeMap;

use jiff::Timestamp;
use ledger::{Entry, Fold};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::perform::Event;
use super::{
    alert, amendment, incident, measurement, notification, postmortem, runbook_run, silence, swap,
};
use crate::oncall::Exchange;

/// The state of everything that this room records.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    /// Incidents by id.
    pub incidents: BTreeMap<String, incident::State>,
    /// Postmortems by their incident's id.
    pub postmortems: BTreeMap<String, postmortem::State>,
    /// Runs of runbooks by id.
    #[serde(default)]
    pub runs: BTreeMap<String, runbook_run::State>,
    /// Swaps by id.
    pub swaps: BTreeMap<String, swap::State>,
    /// What was decided about budgets, by the objective's id.
    #[serde(default)]
    pub budgets: BTreeMap<String, amendment::State>,
    /// Alerts.
    #[serde(default)]
    pub alerts: alert::State,
    /// Silences by id.
    #[serde(default)]
    pub silences: BTreeMap<String, silence::State>,
    /// What council counted itself, by [`Own::key`](crate::slo::Own::key).
    #[serde(default)]
    pub measurements: BTreeMap<String, measurement::State>,
    /// Notifications by id.
    #[serde(default)]
    pub notifications: BTreeMap<String, notification::State>,
    /// The version of each stream, for appends that must not overwrite each other.
    pub versions: BTreeMap<String, u64>,
}

impl State {
    /// Says whether anything has happened that agendas tell of: incidents, or runs of runbooks.
    pub fn is_told_of(&self) -> bool {
        !self.incidents.is_empty() || !self.runs.is_empty()
    }

    /// The version of a stream; 0 when nothing was ever written to it.
    pub fn version(&self, stream: &str) -> u64 {
        self.versions.get(stream).copied().unwrap_or(0)
    }

    /// The swaps that hold, in the order in which they were settled, as the schedules want them.
    pub fn exchanges(&self) -> Vec<Exchange> {
        let mut settled: Vec<_> =
            self.swaps.iter().filter(|(_, swap)| swap.stage == swap::Stage::Accepted).collect();
        settled.sort_by_key(|(id, swap)| (swap.at, *id));
        let exchanges = settled.into_iter().flat_map(|(id, swap)| {
            let exchange = |person: &Option<String>, window| {
                Some(Exchange {
                    id: id.clone(),
                    schedule: swap.schedule.clone(),
                    person: person.clone()?,
                    window,
                })
            };
            let there = exchange(&swap.taker, swap.window);
            let back = swap.in_return.and_then(|window| exchange(&swap.requester, window));
            there.into_iter().chain(back)
        });
        exchanges.collect()
    }

    /// Takes in an event of a record, such as that of `incident/INC-2026-0012`.
    pub fn record(&mut self, id: &str, event: &Event, at: Timestamp) {
        match event {
            Event::Incident(event) => {
                step(&mut self.incidents, id, |before| incident::State::apply(before, event, at));
            }
            Event::Postmortem(event) => {
                step(&mut self.postmortems, id, |before| {
                    postmortem::State::apply(before, event, at)
                });
            }
            Event::Alert(event) => self.alerts.apply(event, at),
            Event::Silence(event) => {
                step(&mut self.silences, id, |before| silence::State::apply(before, event, at));
            }
            Event::Run(event) => {
                step(&mut self.runs, id, |before| runbook_run::State::apply(before, event, at));
            }
            Event::Swap(event) => {
                step(&mut self.swaps, id, |before| swap::State::apply(before, event, at));
            }
            Event::Budget(event) => {
                step(&mut self.budgets, id, |before| {
                    Some(amendment::State::apply(before, event, at))
                });
            }
            Event::Measurement(measurement::Event::Counted { from, counts }) => {
                for (source, count) in counts {
                    self.measurements.entry(source.clone()).or_default().add(*from, *count);
                }
            }
            Event::Notification(event) => {
                step(&mut self.notifications, id, |before| {
                    notification::State::apply(before, event, at)
                });
            }
        }
    }
}

fn step<S>(states: &mut BTreeMap<String, S>, id: &str, apply: impl FnOnce(Option<S>) -> Option<S>) {
    if let Some(after) = apply(states.remove(id)) {
        states.insert(id.to_owned(), after);
    }
}

impl Fold for State {
    const NAME: &'static str = "reliability";
    const VERSION: u32 = 3;

    fn apply(&mut self, entry: &Entry) {
        let Some(event) = read_event(entry) else { return };
        self.versions.insert(entry.stream.as_str().to_owned(), entry.version);
        self.record(entry.stream.id(), &event, entry.at);
    }
}

/// Reads the event of an entry; nothing when the entry is another room's, or of a later version.
pub fn read_event(entry: &Entry) -> Option<Event> {
    Some(match entry.stream.noun() {
        "incident" => Event::Incident(read(entry)?),
        "postmortem" => Event::Postmortem(read(entry)?),
        "alert" => Event::Alert(read(entry)?),
        "silence" => Event::Silence(read(entry)?),
        "runbook-run" => Event::Run(read(entry)?),
        "swap" => Event::Swap(read(entry)?),
        amendment::NOUN => Event::Budget(read(entry)?),
        measurement::NOUN => Event::Measurement(read(entry)?),
        "notification" => Event::Notification(read(entry)?),
        _ => return None,
    })
}

/// Reads `incident.triaged` and its body as the variant `triaged`.
fn read<E: DeserializeOwned>(entry: &Entry) -> Option<E> {
    let (_, tag) = entry.kind.split_once('.')?;
    let plain = tag.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-');
    let json = format!("{{\"{tag}\":{}}}", entry.body.as_str());
    if plain { serde_json::from_str(&json).ok() } else { None }
}
