//! A policy that cannot be read, with the place in its file.

use std::fmt;

use serde::Serialize;

/// What is wrong with a policy file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fault {
    /// The file.
    pub file: String,
    /// The line, from 1, when the fault has a place.
    pub line: Option<u32>,
    /// The column, from 1.
    pub column: Option<u32>,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub hint: Option<String>,
}

impl fmt::Display for Fault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.file)?;
        if let (Some(line), Some(column)) = (self.line, self.column) {
            write!(formatter, ":{line}:{column}")?;
        }
        write!(formatter, ": {}", self.message)?;
        self.hint.as_ref().map_or(Ok(()), |hint| write!(formatter, " ({hint})"))
    }
}

impl std::error::Error for Fault {}

impl Fault {
    /// A fault of a whole file.
    pub(crate) fn of_file(file: &str, message: impl Into<String>) -> Self {
        let (line, column, hint) = (None, None, None);
        Self { file: file.to_owned(), line, column, message: message.into(), hint }
    }

    /// Reads the engine's report: `--> file:line:column` in one line, `error: …` in another.
    pub(crate) fn of_report(file: &str, report: &str) -> Self {
        let place = report.lines().find_map(|line| {
            let rest = line.trim_start().strip_prefix("--> ")?;
            let (rest, column) = rest.rsplit_once(':')?;
            let (file, line) = rest.rsplit_once(':')?;
            Some((file, line.parse().ok()?, column.trim().parse().ok()?))
        });
        // The fault may stand in another file of the same package than the rule that was asked for.
        let file = place.map_or(file, |(file, ..)| file);
        let message = report.lines().find_map(|line| line.trim().strip_prefix("error: "));
        let message = message.unwrap_or_else(|| report.trim());
        Self {
            line: place.map(|(_, line, _)| line),
            column: place.map(|(.., column)| column),
            ..Self::of_file(file, message)
        }
    }

    /// Says what to do.
    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}
