//! How an error looks and which exit code it has. Decided here and nowhere else.
//!
//! Every error says what went wrong, why where that helps, and what to do now. Machines get the same
//! fields as JSON on stderr.

use std::fmt::{self, Display};

use serde::Serialize;

use crate::page::{Tone, paint};

/// What sort of failure it is; the exit code follows from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Class {
    /// It was refused, or could not be done with what is there.
    Failed,
    /// The command line cannot be understood.
    Usage,
    /// Somebody else was faster.
    Conflict,
    /// We broke.
    Bug,
}

impl Class {
    /// The exit code, as documented in `docs/cli.md`. 70 is `EX_SOFTWARE` of BSD's `sysexits.h`.
    pub(crate) const fn exit_code(self) -> u8 {
        match self {
            Self::Failed => 1,
            Self::Usage => 2,
            Self::Conflict => 4,
            Self::Bug => 70,
        }
    }
}

/// A failure, in words for the person at the keyboard.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct CommandError {
    error: Class,
    message: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    reasons: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    hints: Vec<String>,
}

impl CommandError {
    /// Something could not be done, or was refused.
    pub(crate) fn failed(message: impl Into<String>) -> Self {
        Self::new(Class::Failed, message)
    }

    /// The command line makes no sense.
    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self::new(Class::Usage, message)
    }

    /// Makes an error of a class.
    pub(crate) fn new(error: Class, message: impl Into<String>) -> Self {
        Self { error, message: message.into(), reasons: Vec::new(), hints: Vec::new() }
    }

    /// Says why.
    #[must_use]
    pub(crate) fn why(mut self, reason: impl Display) -> Self {
        self.reasons.push(reason.to_string());
        self
    }

    /// Says what to do now.
    #[must_use]
    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    /// Says what to do now, when there is something to say.
    #[must_use]
    pub(crate) fn hints(mut self, hints: impl IntoIterator<Item = String>) -> Self {
        self.hints.extend(hints);
        self
    }

    /// What went wrong, in one sentence.
    pub(crate) fn message(&self) -> &str {
        &self.message
    }

    /// The exit code.
    pub(crate) fn exit_code(&self) -> u8 {
        self.error.exit_code()
    }

    /// Writes it for a person.
    pub(crate) fn render(&self, color: bool) -> String {
        let label = match self.error {
            Class::Failed | Class::Usage | Class::Bug => paint(color, Tone::Error, "error:"),
            Class::Conflict => paint(color, Tone::Error, "conflict:"),
        };
        let mut text = format!("{label} {}\n", self.message);
        for reason in &self.reasons {
            text.push_str(&indent(&paint(color, Tone::Quiet, "why:"), reason));
        }
        for hint in &self.hints {
            text.push_str(&indent(&paint(color, Tone::Name, "hint:"), hint));
        }
        text
    }
}

/// In one line, for where it is not the end of the command.
impl Display for CommandError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)?;
        self.hints.iter().take(1).try_for_each(|hint| write!(formatter, "; {hint}"))
    }
}

/// Writes a labelled remark; further lines of it are set under the first.
fn indent(label: &str, text: &str) -> String {
    let mut lines = text.lines();
    let mut indented = format!("  {label} {}\n", lines.next().unwrap_or_default());
    for line in lines {
        indented.push_str("       ");
        indented.push_str(line);
        indented.push('\n');
    }
    indented
}
