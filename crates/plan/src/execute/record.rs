//! The journal: what an executor writes down, and the promise that it makes about it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::digest::Digest;
use crate::step::StepId;
use crate::target::{Effect, Fault, Job};

/// The right to execute: who else tries with an older one is refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fence {
    /// The lease under which this executor works, such as `apply/CHG-2026-0007`.
    pub lease: String,
    /// The lease's token: grows with each new holder.
    pub token: u64,
    /// The plan's generation.
    pub generation: u64,
}

/// One line of the journal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Record {
    /// An executor begins, or goes on after another one.
    Started {
        /// The plan.
        plan: Digest,
        /// Its right to.
        fence: Fence,
        /// When.
        at: Timestamp,
    },
    /// A step is about to be tried. Nothing has happened yet.
    Intended {
        /// The step.
        step: StepId,
        /// Which try, from 1.
        attempt: u32,
        /// When.
        at: Timestamp,
    },
    /// The target says that the step is done.
    Applied {
        /// The step.
        step: StepId,
        /// What it says that it did.
        effect: Effect,
        /// When.
        at: Timestamp,
    },
    /// The target says that it is not.
    Failed {
        /// The step.
        step: StepId,
        /// Why.
        fault: Fault,
        /// When.
        at: Timestamp,
    },
    /// The effect was observed.
    Verified {
        /// The step.
        step: StepId,
        /// When.
        at: Timestamp,
    },
}

/// Where records are kept. In production the ledger, in the change's stream.
pub trait Journal: Send + Sync {
    /// All records of this change, in order.
    fn read(&self) -> Job<'_, Result<Vec<Record>, JournalError>>;

    /// Adds records: all or none, durable when it returns, and only while the fence is the newest and the journal is
    /// `after` records long. The last condition makes two executors with one token impossible.
    fn append<'a>(
        &'a self,
        fence: &'a Fence,
        after: usize,
        records: Vec<Record>,
    ) -> Job<'a, Result<(), JournalError>>;
}

/// Why records could not be read or added. In every case the journal is as it was before.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum JournalError {
    /// A newer executor holds the lease, or has gone on in the journal.
    #[error("another executor has taken over: {0}")]
    Fenced(String),
    /// The store cannot take it now: disk full, database away.
    #[error("the journal cannot be written: {0}")]
    Unavailable(String),
    /// What it holds makes no sense.
    #[error("the journal cannot be read: {0}")]
    Unreadable(String),
}
