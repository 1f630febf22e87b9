//! Silences: made under an id of their own, and ended when they have matched nothing for long.

use std::collections::BTreeSet;

use governance::State as Council;
use reliability::record::silence::{Command, is_idle};
use reliability::record::{Actor, Command as Any, Facts};

use crate::AppState;
use crate::auth::Viewer;
use crate::http::Problem;
use crate::perform::Performed;

impl AppState {
    /// Makes a silence, or changes the one of this id.
    pub(crate) async fn silence(
        &self,
        viewer: &Viewer,
        id: Option<String>,
        command: impl Fn() -> (Command, Command),
    ) -> Result<Performed, Problem> {
        let (create, change) = command();
        let (id, command) = match id {
            // An update of one that is over makes a new one, as Alertmanager does.
            Some(id) if self.is_open_silence(&id) => (id, change),
            Some(_) | None => (new_id()?, create),
        };
        let done = self.perform(viewer, Any::Silence { id, command }).await?;
        self.board().nudge(crate::workers::ALERTS);
        Ok(done)
    }

    fn is_open_silence(&self, id: &str) -> bool {
        use reliability::record::silence::Stage;
        let record = self.record();
        let known = record.state.reliability.silences.get(id);
        known.is_some_and(|silence| silence.stage(self.clock().now()) != Stage::Expired)
    }

    /// Ends a silence.
    pub(crate) async fn expire_silence(
        &self,
        viewer: &Viewer,
        id: &str,
    ) -> Result<Performed, Problem> {
        if !self.record().state.reliability.silences.contains_key(id) {
            return Err(Problem::not_found(format!("There is no silence `{id}`."))
                .hint("`/api/v1/silences` lists them"));
        }
        let command = Any::Silence { id: id.to_owned(), command: Command::Expire {} };
        let done = self.perform(viewer, command).await?;
        self.board().nudge(crate::workers::ALERTS);
        Ok(done)
    }

    /// Ends the silences that have matched nothing for long. Blocks.
    pub(super) fn end_idle_silences(&self) -> Result<(), Problem> {
        let (snapshot, record) = (self.snapshot(), self.record());
        let facts = Facts {
            model: snapshot.model(),
            record: &record.state.reliability,
            governance: &Council::default(),
            verified_changes: &BTreeSet::new(),
            now: self.clock().now(),
            actor: Actor::Council,
        };
        let silences = record.state.reliability.silences.iter();
        for (id, _) in silences.filter(|(id, silence)| is_idle(silence, id, &facts)) {
            self.perform_itself(Any::Silence { id: id.clone(), command: Command::Expire {} })?;
        }
        Ok(())
    }
}

/// A random id, written as a UUID of version 4 because Alertmanager's clients expect one.
fn new_id() -> Result<String, Problem> {
    let mut bytes = [0_u8; 16];
    getrandom::fill(&mut bytes).map_err(|error| Problem::internal(&error))?;
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    let number = u128::from_be_bytes(bytes);
    let part = |shift: u32, digits: u32| (number >> shift) & ((1 << (4 * digits)) - 1);
    Ok(format!(
        "{:08x}-{:04x}-{:04x}-{:04x}-{:012x}",
        part(96, 8),
        part(80, 4),
        part(64, 4),
        part(48, 4),
        part(0, 12),
    ))
}
