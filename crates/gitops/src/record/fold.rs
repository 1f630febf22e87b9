//! The fold over everything that is recorded about changes and freezes.

use std::collections::BTreeMap;

use jiff::Timestamp;
use ledger::{Entry, Fold};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::perform::Event;
use super::{change, freeze};

/// The state of all changes and freezes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    /// Changes by id.
    pub changes: BTreeMap<String, change::State>,
    /// Freezes by name.
    pub freezes: BTreeMap<String, freeze::State>,
    /// The version of each stream, for appends that must not overwrite each other.
    pub versions: BTreeMap<String, u64>,
}

impl State {
    /// The version of a stream; 0 when nothing was ever written to it.
    pub fn version(&self, stream: &str) -> u64 {
        self.versions.get(stream).copied().unwrap_or(0)
    }

    /// Takes in an event of a record, such as `CHG-2026-0007`.
    pub fn record(&mut self, id: &str, event: &Event, at: Timestamp) {
        match event {
            Event::Change(event) => {
                let before = self.changes.remove(id);
                if let Some(after) = change::State::apply(before, event, at) {
                    self.changes.insert(id.to_owned(), after);
                }
            }
            Event::Freeze(event) => self.freezes.entry(id.to_owned()).or_default().apply(event, at),
        }
    }
}

impl Fold for State {
    const NAME: &'static str = "gitops";
    const VERSION: u32 = 2;

    fn apply(&mut self, entry: &Entry) {
        let event = match entry.stream.noun() {
            "change" => read(entry).map(Event::Change),
            "freeze" => read(entry).map(Event::Freeze),
            _ => None,
        };
        let Some(event) = event else { return };
        self.versions.insert(entry.stream.as_str().to_owned(), entry.version);
        self.record(entry.stream.id(), &event, entry.at);
    }
}

/// The event of a change that an entry is, if it is one that this version knows.
pub fn read_change(entry: &Entry) -> Option<change::Event> {
    if entry.stream.noun() == "change" { read(entry) } else { None }
}

/// Reads `change.approved` and its body as the variant `approved`.
fn read<E: DeserializeOwned>(entry: &Entry) -> Option<E> {
    let (_, tag) = entry.kind.split_once('.')?;
    let plain = tag.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-');
    let json = format!("{{\"{tag}\":{}}}", entry.body.as_str());
    if plain { serde_json::from_str(&json).ok() } else { None }
}
