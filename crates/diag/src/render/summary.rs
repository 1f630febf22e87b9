//! The one line at the end: how many problems of which severity, in how many files.

use std::fmt;

use serde::Serialize;

use crate::words::count;
use crate::{Diagnostic, Severity};

/// Counts of findings and of the files that were checked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// Findings that keep the playbook from becoming current.
    pub errors: usize,
    /// Findings that somebody will regret.
    pub warnings: usize,
    /// Things worth knowing.
    pub notes: usize,
    /// Files that were checked, with findings or without.
    pub files: usize,
}

impl Summary {
    /// Counts the findings of a check of so many files.
    pub fn of(diagnostics: &[Diagnostic], files: usize) -> Self {
        let with = |severity| diagnostics.iter().filter(|one| one.severity == severity).count();
        Self {
            errors: with(Severity::Error),
            warnings: with(Severity::Warning),
            notes: with(Severity::Note),
            files,
        }
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let counts = [(self.errors, "error"), (self.warnings, "warning"), (self.notes, "note")];
        let found: Vec<String> = counts
            .iter()
            .filter(|(number, _)| *number > 0)
            .map(|(number, noun)| count(*number, noun))
            .collect();
        let found = if found.is_empty() { "no problems".to_owned() } else { found.join(", ") };
        write!(formatter, "{found} in {}", count(self.files, "file"))
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    #[test]
    fn only_what_there_is_is_counted() {
        let summary = Summary::of(&sample::diagnostics(), 12);
        assert_eq!(summary.to_string(), "1 error, 1 warning in 12 files");
        assert_eq!(Summary::of(&[], 1).to_string(), "no problems in 1 file");
    }
}
