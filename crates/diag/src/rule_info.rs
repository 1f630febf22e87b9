//! What is known about a diagnostic's code: its name, severity and page.

use std::fmt;

use serde::Serialize;

use crate::Severity;

/// A stable name of one kind of problem: a room's three letters and three digits, such as `ORG004`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Code(pub &'static str);

impl fmt::Display for Code {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.0)
    }
}

/// The page of one code: what `council explain` prints and SARIF lists as a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct RuleInfo {
    /// The stable code.
    pub code: Code,
    /// Kebab-case name, such as `seat-without-primary`.
    pub name: &'static str,
    /// Severity it is reported with.
    pub severity: Severity,
    /// One sentence: what must hold.
    pub summary: &'static str,
    /// Markdown: why it matters, an example that fails, the same example mended.
    pub page: &'static str,
}
