//! The one door: any command about changes and freezes, with the stream that it writes to.

use governance::{Refusal, Text};
use ledger::Draft;
use serde::{Deserialize, Serialize};

use super::{Facts, change, freeze};

/// A command with the record that it is about.
#[expect(clippy::large_enum_variant, reason = "a command is made once and decided at once")]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Command {
    /// About a change.
    Change {
        /// The change's id.
        id: String,
        /// What to do.
        command: change::Command,
    },
    /// About a freeze.
    Freeze {
        /// The freeze's name.
        name: String,
        /// What to do.
        command: freeze::Command,
    },
}

impl Command {
    /// The stream that the command writes to.
    pub fn stream(&self) -> String {
        match self {
            Self::Change { id, .. } => format!("change/{id}"),
            Self::Freeze { name, .. } => format!("freeze/{name}"),
        }
    }
}

/// An event of either record.
#[expect(clippy::large_enum_variant, reason = "a command gives a handful, never a store of them")]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Event {
    /// Of a change.
    Change(change::Event),
    /// Of a freeze.
    Freeze(freeze::Event),
}

/// An event and the stream that it is written to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recorded {
    /// Such as `change/CHG-2026-0007`.
    pub stream: String,
    /// What happened.
    pub event: Event,
}

impl Recorded {
    /// The texts that must be sealed under the stream's key before the event is stored.
    pub fn texts(&mut self) -> Vec<&mut Text> {
        match &mut self.event {
            Event::Change(event) => event.texts(),
            Event::Freeze(event) => event.texts(),
        }
    }

    /// Drafts the ledger's entry: the kind is the noun and the variant, `change.approved`.
    ///
    /// # Errors
    /// When the stream's name cannot stand in a ledger, because of a strange id.
    pub fn draft(&self, actor: &str) -> Result<Draft, ledger::InvalidName> {
        let stream = ledger::Stream::new(&self.stream)?;
        let event = match &self.event {
            Event::Change(event) => serde_json::to_value(event),
            Event::Freeze(event) => serde_json::to_value(event),
        };
        let event = event.expect("BUG: events have string keys only");
        let tagged = event.as_object().and_then(|object| object.iter().next());
        let (tag, body) = tagged.expect("BUG: every variant of an event has fields");
        let kind = format!("{}.{tag}", stream.noun());
        Ok(Draft::new(stream, kind, actor, body.clone()))
    }
}

/// Carries out a command.
///
/// # Errors
/// Refuses what the state, the actor, the playbook or the gate does not allow.
pub fn decide(command: &Command, facts: &Facts<'_>) -> Result<Vec<Recorded>, Refusal> {
    let record = facts.record;
    let events: Vec<Event> = match command {
        Command::Change { id, command } => {
            let events = change::decide(record.changes.get(id), id, command, facts)?;
            events.into_iter().map(Event::Change).collect()
        }
        Command::Freeze { name, command } => {
            let known = record.freezes.get(name).cloned().unwrap_or_default();
            let events = freeze::decide(&known, name, command, facts)?;
            events.into_iter().map(Event::Freeze).collect()
        }
    };
    let stream = command.stream();
    let mut recorded: Vec<Recorded> =
        events.into_iter().map(|event| Recorded { stream: stream.clone(), event }).collect();
    recorded.extend(rolled_back(command, facts));
    Ok(recorded)
}

/// A rollback that is verified takes its change back, in the same append.
fn rolled_back(command: &Command, facts: &Facts<'_>) -> Option<Recorded> {
    let Command::Change { id, command: change::Command::Verify {} } = command else { return None };
    let change::Origin::RollbackOf(other) = &facts.record.changes.get(id)?.origin else {
        return None;
    };
    let taken_back = facts.record.changes.get(other)?;
    taken_back.stage.after(plan::lifecycle::Happening::RolledBack).ok()?;
    let event = Event::Change(change::Event::RolledBack { by: id.clone() });
    Some(Recorded { stream: format!("change/{other}"), event })
}
