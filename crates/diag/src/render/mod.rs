//! Renders diagnostics: for people, as JSON, as SARIF, and as code-review annotations.
//!
//! Every renderer is a function from sorted diagnostics and [`Sources`] to one text that ends in a
//! newline. Nothing that a file contains can steer a terminal or break out of a format: what people
//! read passes through [`crate::words::printable`], and machine formats are written by a serializer.
//!
//! Absent on purpose: deciding whether a terminal has colours, and printing.

mod excerpt;
mod fingerprint;
mod github;
mod gitlab;
mod human;
mod json;
mod located;
mod sarif;
mod summary;

use std::borrow::Cow;

pub use github::github;
pub use gitlab::gitlab;
pub use human::{Style, human};
pub use json::json;
pub use sarif::{Tool, sarif};
pub use summary::Summary;

/// Gives the text of a file of the playbook, for excerpts and for lines and columns.
pub trait Sources {
    /// Returns the text of a file, or `None` when it cannot be shown (unreadable, not UTF-8, gone).
    fn text(&self, file: &str) -> Option<&str>;

    /// Returns the path to show for a file: code review wants it relative to the repository, a
    /// terminal relative to the working directory. The default shows it relative to the playbook.
    fn shown<'f>(&self, file: &'f str) -> Cow<'f, str> {
        Cow::Borrowed(file)
    }
}

/// Writes a value as indented JSON with a final newline.
fn pretty(value: &impl serde::Serialize) -> String {
    let mut text = serde_json::to_string_pretty(value)
        .expect("BUG: our own structures have string keys and always serialize");
    text.push('\n');
    text
}

#[cfg(test)]
pub(crate) mod sample {
    use super::Sources;
    use crate::{Code, Diagnostic, Place, RuleInfo, Severity, Span};

    pub(crate) static RULE: RuleInfo = RuleInfo {
        code: Code("ORG004"),
        name: "seat-without-backup",
        severity: Severity::Warning,
        summary: "A seat has a backup.",
        page: "A seat without a backup stops when its holder is ill.\n",
    };

    pub(crate) static FATAL: RuleInfo =
        RuleInfo { code: Code("PLB010"), severity: Severity::Error, ..RULE };

    pub(crate) struct Files(pub(crate) Vec<(&'static str, String)>);

    impl Sources for Files {
        fn text(&self, file: &str) -> Option<&str> {
            self.0.iter().find(|(name, _)| *name == file).map(|(_, text)| text.as_str())
        }
    }

    pub(crate) fn files() -> Files {
        Files(vec![
            ("seats.yaml", "kind: Seat\nspec:\n  primary: person/añna\n".to_owned()),
            ("people.yaml", "kind: Person\n".to_owned()),
        ])
    }

    pub(crate) fn diagnostics() -> Vec<Diagnostic> {
        vec![
            Diagnostic::new(
                &FATAL,
                Place::new("seats.yaml", Span::new(28, 40)),
                "there is no `person/añna`",
            )
            .why("nobody of this name")
            .hint("write `person/anna`")
            .related(Place::new("people.yaml", Span::new(6, 12)), "the only person")
            .subject("seat/network"),
            Diagnostic::new(&RULE, Place::whole_file("gone.yaml"), "no backup: 100%, \"x\""),
        ]
    }
}
