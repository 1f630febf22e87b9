//! Renders diagnostics: for people, as JSON, as SARIF, and as code-review annotations.

/// Gives the text of a file of the playbook, for excerpts and for lines and columns.
pub trait Sources {
    /// Returns the text of a file, or `None` when it cannot be shown (unreadable, not UTF-8, gone).
    fn text(&self, file: &str) -> Option<&str>;
}
