//! How the background work goes.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;
use tokio::sync::Notify;

/// What a worker is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Phase {
    /// Waits for its next turn.
    Idle,
    /// Is at work.
    Working,
    /// Failed at its last turn, and will try again.
    Failed,
}

/// The status of one worker.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct WorkerStatus {
    /// Its name.
    pub name: &'static str,
    /// What it is for.
    pub purpose: &'static str,
    /// What it is doing.
    pub phase: Phase,
    /// Turns so far.
    pub turns: u64,
    /// Turns that failed.
    pub failures: u64,
    /// When the last turn began.
    pub last_began: Option<Timestamp>,
    /// How long the last turn took, in milliseconds.
    pub last_milliseconds: Option<u64>,
    /// What the last turn did, in words.
    pub note: String,
    /// When the next turn comes without a nudge.
    pub next_at: Option<Timestamp>,
}

struct Slot {
    status: WorkerStatus,
    nudge: Arc<Notify>,
}

/// The statuses of all workers, by name.
#[derive(Default)]
pub struct Board(Mutex<BTreeMap<&'static str, Slot>>);

impl std::fmt::Debug for Board {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_list().entries(self.statuses()).finish()
    }
}

impl Board {
    fn slots(&self) -> MutexGuard<'_, BTreeMap<&'static str, Slot>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts a worker up and returns what wakes it.
    pub(crate) fn enter(&self, name: &'static str, purpose: &'static str) -> Arc<Notify> {
        let nudge = Arc::new(Notify::new());
        let status = WorkerStatus {
            name,
            purpose,
            phase: Phase::Idle,
            turns: 0,
            failures: 0,
            last_began: None,
            last_milliseconds: None,
            note: "has not run yet".to_owned(),
            next_at: None,
        };
        self.slots().insert(name, Slot { status, nudge: nudge.clone() });
        nudge
    }

    /// Changes the status of a worker.
    pub(crate) fn update(&self, name: &'static str, change: impl FnOnce(&mut WorkerStatus)) {
        if let Some(slot) = self.slots().get_mut(name) {
            change(&mut slot.status);
        }
    }

    /// All statuses, by name.
    pub fn statuses(&self) -> Vec<WorkerStatus> {
        self.slots().values().map(|slot| slot.status.clone()).collect()
    }

    /// Wakes a worker; `false` when there is none of this name.
    pub fn nudge(&self, name: &str) -> bool {
        let slots = self.slots();
        let slot = slots.get(name);
        if let Some(slot) = slot {
            slot.nudge.notify_one();
        }
        slot.is_some()
    }
}
