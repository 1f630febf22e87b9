//! A command of any record, and how it is decided.

use governance::{Refusal, Text};
use jiff::Timestamp;
use ledger::{Draft, InvalidName};
use reliability::record::Actor;

use crate::operations::verified;
use crate::{AppState, Record, Snapshot};

/// A command of any record.
#[expect(clippy::large_enum_variant, reason = "a command is made once and decided at once")]
#[derive(Clone, Debug)]
pub enum Command {
    /// About decisions, rituals, actions, questions, feedback.
    Council(governance::record::Command),
    /// About changes and freezes.
    Change(gitops::record::Command),
    /// About incidents, postmortems and swaps of shifts.
    Reliability(reliability::record::Command),
    /// About what hardening audits found.
    Hardening(fleet::hardening::record::Command),
}

impl From<governance::record::Command> for Command {
    fn from(command: governance::record::Command) -> Self {
        Self::Council(command)
    }
}

impl From<gitops::record::Command> for Command {
    fn from(command: gitops::record::Command) -> Self {
        Self::Change(command)
    }
}

impl From<reliability::record::Command> for Command {
    fn from(command: reliability::record::Command) -> Self {
        Self::Reliability(command)
    }
}

impl From<fleet::hardening::record::Command> for Command {
    fn from(command: fleet::hardening::record::Command) -> Self {
        Self::Hardening(command)
    }
}

/// What a command is decided by.
pub(super) struct Moment<'m> {
    pub(super) state: &'m AppState,
    pub(super) snapshot: &'m Snapshot,
    pub(super) record: &'m Record,
    pub(super) now: Timestamp,
}

/// An event of any record, with the stream that it is written to.
#[expect(clippy::large_enum_variant, reason = "a command gives a handful, never a store of them")]
pub(super) enum Recorded {
    Council(governance::record::Recorded),
    Change(gitops::record::Recorded),
    Reliability(reliability::record::Recorded),
    Hardening(fleet::hardening::record::Recorded),
}

impl Command {
    /// The stream that the command writes to.
    pub(super) fn stream(&self) -> String {
        match self {
            Self::Council(command) => command.stream(),
            Self::Change(command) => command.stream(),
            Self::Reliability(command) => command.stream(),
            Self::Hardening(command) => command.stream(),
        }
    }

    /// Decides what follows; nobody acts when there is no actor.
    pub(super) fn decide(
        &self,
        moment: &Moment<'_>,
        actor: Option<&str>,
    ) -> Result<Vec<Recorded>, Refusal> {
        let Moment { state, snapshot, record, now } = *moment;
        let facts = |itself| governance::record::Facts {
            model: snapshot.model(),
            record: &record.state.council,
            now,
            actor: actor.unwrap_or(itself),
        };
        match self {
            Self::Council(command) => {
                let council = facts(governance::record::ITSELF);
                let events = governance::record::decide(command, &council)?;
                Ok(events.into_iter().map(Recorded::Council).collect())
            }
            Self::Change(command) => {
                let gate = state.facts_for(snapshot, record, now, command);
                let facts = gitops::record::Facts {
                    council: facts(gitops::record::ITSELF),
                    record: &record.state.changes,
                    gate: &gate,
                };
                let events = gitops::record::decide(command, &facts)?;
                Ok(events.into_iter().map(Recorded::Change).collect())
            }
            Self::Reliability(command) => {
                let facts = reliability::record::Facts {
                    model: snapshot.model(),
                    record: &record.state.reliability,
                    governance: &record.state.council,
                    verified_changes: &verified(&record.state.changes),
                    now,
                    actor: actor.map_or(Actor::Council, Actor::Person),
                };
                let events = reliability::record::decide(command, &facts)?;
                Ok(events.into_iter().map(Recorded::Reliability).collect())
            }
            Self::Hardening(command) => {
                let known = &record.state.hardening;
                let model = snapshot.model();
                let events = fleet::hardening::record::decide(command, model, (known, now))?;
                Ok(events.into_iter().map(Recorded::Hardening).collect())
            }
        }
    }
}

impl Recorded {
    pub(super) fn stream(&self) -> &str {
        match self {
            Self::Council(recorded) => &recorded.stream,
            Self::Change(recorded) => &recorded.stream,
            Self::Reliability(recorded) => &recorded.stream,
            Self::Hardening(recorded) => &recorded.stream,
        }
    }

    pub(super) fn texts(&mut self) -> Vec<&mut Text> {
        match self {
            Self::Council(recorded) => recorded.texts(),
            Self::Change(recorded) => recorded.texts(),
            Self::Reliability(recorded) => recorded.texts(),
            // What stands on a machine names nobody.
            Self::Hardening(_) => Vec::new(),
        }
    }

    pub(super) fn draft(&self, actor: &str) -> Result<Draft, InvalidName> {
        match self {
            Self::Council(recorded) => recorded.draft(actor),
            Self::Change(recorded) => recorded.draft(actor),
            Self::Reliability(recorded) => recorded.draft(actor),
            Self::Hardening(recorded) => recorded.draft(actor),
        }
    }
}
