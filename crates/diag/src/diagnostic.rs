//! The diagnostic itself.

use serde::Serialize;

use crate::{Code, Place, RuleInfo};

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The playbook cannot be made current with it.
    Error,
    /// It works, and somebody will regret it: a gap, a risk, an unclear spelling.
    Warning,
    /// Worth knowing.
    Note,
}

/// Another place that helps to understand a diagnostic.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Related {
    /// Where.
    pub place: Place,
    /// What stands there, such as "first declared here".
    pub message: String,
}

/// One problem at one place, in words for the person who wrote the file.
///
/// Built in steps: `Diagnostic::new(&RULE, place, "message").why("…").hint("…")`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Diagnostic {
    /// Stable code.
    pub code: Code,
    /// How bad.
    pub severity: Severity,
    /// Where in the user's file.
    pub place: Place,
    /// What is wrong, one sentence without a full stop, user input in backticks.
    pub message: String,
    /// Why it matters or what was expected, as a short label beside the excerpt.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    /// What to do now, in the imperative.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
    /// Other places.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub related: Vec<Related>,
    /// The resource concerned, as a reference such as `seat/network-security`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
}

impl Diagnostic {
    /// Starts a diagnostic of a rule at a place.
    pub fn new(rule: &RuleInfo, place: Place, message: impl Into<String>) -> Self {
        Self {
            code: rule.code,
            severity: rule.severity,
            place,
            message: message.into(),
            why: None,
            hint: None,
            related: Vec::new(),
            subject: None,
        }
    }

    /// Says why it matters.
    #[must_use]
    pub fn why(mut self, why: impl Into<String>) -> Self {
        self.why = Some(why.into());
        self
    }

    /// Says what to do now.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Points to another place.
    #[must_use]
    pub fn related(mut self, place: Place, message: impl Into<String>) -> Self {
        self.related.push(Related { place, message: message.into() });
        self
    }

    /// Names the resource concerned.
    #[must_use]
    pub fn subject(mut self, subject: impl Into<String>) -> Self {
        self.subject = Some(subject.into());
        self
    }

    /// Says whether it keeps a playbook from becoming current.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

/// Sorts by file, place, severity and code, and drops repeated ones, so that output is stable.
pub fn sort(diagnostics: &mut Vec<Diagnostic>) {
    diagnostics.sort_by(|left, right| {
        (&left.place, left.severity, left.code, &left.message).cmp(&(
            &right.place,
            right.severity,
            right.code,
            &right.message,
        ))
    });
    diagnostics.dedup();
}
