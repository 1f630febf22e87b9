//! What a caller asks to be recorded, and what comes back.
//!
//! An [`Append`] is one decision's worth of drafts: all of them or none. Its conditions (expected versions, a
//! fence, an idempotency key) are checked inside the transaction that writes, so two callers can never both
//! act on the same state. The time is the caller's; the ledger has no clock.

use jiff::Timestamp;
use serde_json::Value;

use crate::canonical::InvalidBody;
use crate::entry::Entry;
use crate::limits::{MAX_APPEND_BYTES, MAX_DRAFTS};
use crate::name::{InvalidName, Stream};
use crate::store::StoreError;

/// An entry before the ledger has given it its place.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    /// The record that it belongs to.
    pub stream: Stream,
    /// What happened, such as `decision.proposed`.
    pub kind: String,
    /// Who did it: an id, never a name or an address.
    pub actor: String,
    /// What led to it.
    pub cause: Option<String>,
    /// The content; free text that may name people is sealed first.
    pub body: Value,
}

impl Draft {
    /// Drafts an entry without a cause.
    pub fn new(
        stream: Stream,
        kind: impl Into<String>,
        actor: impl Into<String>,
        body: Value,
    ) -> Self {
        Self { stream, kind: kind.into(), actor: actor.into(), cause: None, body }
    }

    /// Names what led to it.
    #[must_use]
    pub fn caused_by(mut self, cause: impl Into<String>) -> Self {
        self.cause = Some(cause.into());
        self
    }
}

/// The version that a stream must have for an append to go through.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expect {
    /// The stream that the caller read.
    pub stream: Stream,
    /// The version that it had then; 0 if it did not exist.
    pub version: u64,
}

/// A lease's token that must still be the newest for an append to go through.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fence {
    /// The lease's name.
    pub lease: String,
    /// The token that the caller was given with it.
    pub token: u64,
}

/// Drafts that are recorded together, with the conditions under which they are.
#[derive(Debug, Clone, PartialEq)]
pub struct Append {
    /// The entries, in order.
    pub drafts: Vec<Draft>,
    /// Versions that must not have moved.
    pub expected: Vec<Expect>,
    /// The time, as the caller's clock says. If the clock went backwards the entries carry the time of the
    /// entry before them: order is the ledger's promise, and `at` follows it.
    pub at: Timestamp,
    /// A key under which the same append, sent again, returns the first one's entries.
    pub key: Option<String>,
    /// A lease that must still be held.
    pub fence: Option<Fence>,
}

impl Append {
    /// Starts an append of the given drafts without conditions.
    pub fn new(drafts: impl IntoIterator<Item = Draft>, at: Timestamp) -> Self {
        let drafts = drafts.into_iter().collect();
        Self { drafts, expected: Vec::new(), at, key: None, fence: None }
    }

    /// Adds the condition that `stream` still has `version`.
    #[must_use]
    pub fn expect(mut self, stream: Stream, version: u64) -> Self {
        self.expected.push(Expect { stream, version });
        self
    }

    /// Makes it safe to send again.
    #[must_use]
    pub fn key(mut self, key: impl Into<String>) -> Self {
        self.key = Some(key.into());
        self
    }

    /// Adds the condition that a lease has not passed to somebody else.
    #[must_use]
    pub fn fence(mut self, fence: Fence) -> Self {
        self.fence = Some(fence);
        self
    }
}

/// What an append has become.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Appended {
    /// The entries as they stand in the ledger.
    pub entries: Vec<Entry>,
    /// Whether they had been there before, from an earlier append with the same key.
    pub repeated: bool,
}

/// Says why an append was refused; nothing of it has been recorded.
#[derive(Debug, Clone, thiserror::Error)]
pub enum AppendError {
    /// A stream moved on since the caller read it.
    #[error(
        "`{stream}` is at version {actual}, not {expected}: somebody else wrote first; read it again and decide anew"
    )]
    Conflict {
        /// The stream.
        stream: Stream,
        /// The version that the caller had read.
        expected: u64,
        /// The version that it has.
        actual: u64,
    },
    /// A lease has passed to somebody else.
    #[error(
        "the lease `{lease}` has moved on to token {current}, yours is {given}: stop, another worker took over"
    )]
    Fenced {
        /// The lease.
        lease: String,
        /// The caller's token.
        given: u64,
        /// The newest token; 0 if nobody ever held the lease.
        current: u64,
    },
    /// The key was used before for other content.
    #[error(
        "the idempotency key `{key}` was used before, for entry {first}, with other content; use a new key"
    )]
    KeyReused {
        /// The key.
        key: String,
        /// The first entry that was written under it.
        first: u64,
    },
    /// A name of a draft is not acceptable.
    #[error("draft {index} is refused")]
    Name {
        /// Which draft, from 0.
        index: usize,
        /// What is wrong.
        source: InvalidName,
    },
    /// The idempotency key or the lease's name is not acceptable.
    #[error("the append is refused")]
    Condition(#[source] InvalidName),
    /// The body of a draft is not acceptable.
    #[error("the body of draft {index} is refused")]
    Body {
        /// Which draft, from 0.
        index: usize,
        /// What is wrong.
        source: InvalidBody,
    },
    /// There is nothing to append.
    #[error("an append needs at least one draft")]
    Empty,
    /// There are more drafts than one append may hold.
    #[error("{0} drafts are more than the {MAX_DRAFTS} that one append may hold; split it")]
    TooMany(usize),
    /// The bodies together are too long.
    #[error(
        "the bodies are {0} bytes together, over the {MAX_APPEND_BYTES} of one append; split it"
    )]
    TooLong(usize),
    /// The time cannot be right.
    #[error("the time {at} is refused: {why}; check the machine's clock")]
    ImpossibleTime {
        /// The time given.
        at: Timestamp,
        /// Why it cannot be.
        why: &'static str,
    },
    /// Too many appends wait already.
    #[error("the ledger is busy: the queue of appends is full; try again shortly")]
    Busy,
    /// The ledger has been closed.
    #[error("the ledger is closed")]
    Closed,
    /// The store failed.
    #[error("the entries could not be stored")]
    Store(#[source] StoreError),
}

impl AppendError {
    /// Whether the same append may go through later, unchanged. A conflict may not: its caller has to look
    /// again and decide anew.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::Busy => true,
            Self::Store(error) => error.is_retryable(),
            Self::Conflict { .. }
            | Self::Fenced { .. }
            | Self::KeyReused { .. }
            | Self::Name { .. }
            | Self::Condition(_)
            | Self::Body { .. }
            | Self::Empty
            | Self::TooMany(_)
            | Self::TooLong(_)
            | Self::ImpossibleTime { .. }
            | Self::Closed => false,
        }
    }
}
