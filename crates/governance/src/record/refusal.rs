//! A command that was not carried out, and what would make it pass.

use std::fmt;

use serde::Serialize;

/// Why a command was not carried out, in the user's words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Refusal {
    /// A stable word for programs, such as `decision-closed`.
    pub code: &'static str,
    /// Why; never empty.
    pub reasons: Vec<String>,
    /// What would have to be different.
    pub would_pass_if: Vec<String>,
}

impl Refusal {
    /// Makes a refusal with its first reason.
    pub fn new(code: &'static str, reason: impl Into<String>) -> Self {
        Self { code, reasons: vec![reason.into()], would_pass_if: Vec::new() }
    }

    /// Says what would make it pass.
    #[must_use]
    pub fn passes_if(mut self, condition: impl Into<String>) -> Self {
        self.would_pass_if.push(condition.into());
        self
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.reasons.join("; "))?;
        match self.would_pass_if.as_slice() {
            [] => Ok(()),
            conditions => write!(formatter, " (it would pass if {})", conditions.join(", or if ")),
        }
    }
}

impl std::error::Error for Refusal {}
