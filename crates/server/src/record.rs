//! The record: the ledger folded into what has happened so far.

/// The folded state of all streams as of one entry.
#[derive(Clone, Debug, Default)]
pub struct Record {
    /// The newest entry that it contains.
    pub seq: u64,
}
