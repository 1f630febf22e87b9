//! Proving the ledger, and saying where the proof breaks.

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Finding {
    /// What is wrong, with what was expected and what was found.
    pub what: String,
}
