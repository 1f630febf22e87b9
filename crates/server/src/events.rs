//! What happens beside the ledger and is worth telling at once: the playbook's revisions.
//!
//! These events are not kept: whoever missed one asks for the current revision instead. What is in the
//! ledger is told from the ledger.

use serde::Serialize;

/// One event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Event {
    /// The CloudEvents type.
    pub(crate) kind: &'static str,
    /// What it is about, such as `playbook`.
    pub(crate) subject: String,
    /// The content.
    pub(crate) data: serde_json::Value,
    /// When.
    pub(crate) at: jiff::Timestamp,
}

/// The type of events about a new current revision.
pub(crate) const REVISION: &str = "council.playbook.revision";

/// The type of events about a playbook that is held back.
pub(crate) const HELD_BACK: &str = "council.playbook.held-back";

/// The type of events about the playbook's remote: it moved, was rewritten, or cannot be followed.
pub(crate) const REMOTE: &str = "council.playbook.remote";

impl Event {
    /// Makes an event about the playbook.
    pub(crate) fn playbook(kind: &'static str, data: &impl Serialize, at: jiff::Timestamp) -> Self {
        let data = serde_json::to_value(data).expect("BUG: events are plain data");
        Self { kind, subject: "playbook".to_owned(), data, at }
    }
}
