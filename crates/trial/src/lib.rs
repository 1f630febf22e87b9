//! A trial: a playbook of a few lines, read with the vocabulary of the room under test.
//!
//! Every seat's crate names its vocabulary once, beside the vocabulary itself:
//!
//! ```ignore
//! #[cfg(test)]
//! pub(crate) const TRIAL: trial::Trial = trial::Trial::of(&[org::vocabulary, vocabulary]);
//! ```
//!
//! and then tests each rule with one call: the lines of a playbook ([`short`]), and what the rule
//! must find in them, as the text that it points at and the message ([`Trial::finds`]).
//!
//! ```ignore
//! TRIAL.finds(
//!     &RULE,
//!     "Vlan/a: {purpose: x, id: 4095}",
//!     &[("4095", "`4095` is no VLAN ID")],
//! );
//! ```
//!
//! [`Trial::tries_pages`] holds the pages of all rules to the same: the failing example fails, the mended one
//! does not.
//!
//! Invariants: no file is touched, the day is always [`TODAY`], and a playbook that cannot be read fails the test at
//! the caller's line, so that no rule passes because nothing reached it.
//!
//! Absent on purpose: any seat's kinds. This crate is a dependency of tests alone; the law gives it to nobody.

mod examples;
mod finds;
mod pages;
pub mod short;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use diag::{Diagnostic, Sources};
use jiff::civil::{Date, date};
use playbook::{Facts, Vocabulary, Workspace};

pub use examples::examples;

/// The day of every trial: a Monday.
pub const TODAY: Date = date(2026, 11, 23);

/// The vocabulary that a crate's tests read playbooks with: its own, upon those it refers to.
#[derive(Clone, Copy, Debug)]
pub struct Trial {
    parts: &'static [fn(Vocabulary) -> Vocabulary],
}

impl Trial {
    /// Composes the vocabulary of these parts, in their order.
    pub const fn of(parts: &'static [fn(Vocabulary) -> Vocabulary]) -> Self {
        Self { parts }
    }

    /// Reads a playbook in the [short form](short).
    #[track_caller]
    pub fn read(&self, lines: &str) -> Workspace {
        self.read_files(&short::files(lines))
    }

    /// Reads one file of resources.
    pub fn read_text(&self, text: &str) -> Workspace {
        self.read_files(&[(short::COUNCIL.to_owned(), text.to_owned())])
    }

    /// Reads whole files, each a path and a text.
    pub fn read_files(&self, files: &[(String, String)]) -> Workspace {
        let start = Vocabulary::new();
        let vocabulary = self.parts.iter().fold(start, |vocabulary, part| part(vocabulary));
        let files = files.iter().map(|(path, text)| (path.as_str(), text.as_str()));
        Workspace::of_texts(files, Arc::new(vocabulary))
    }
}

/// Everything that is found on [`TODAY`].
pub fn findings(workspace: &Workspace) -> Vec<Diagnostic> {
    workspace.check(&Facts { today: TODAY })
}

/// The text that a finding points at; empty for a file as a whole.
pub fn excerpt<'w>(workspace: &'w Workspace, finding: &Diagnostic) -> &'w str {
    let span = finding.place.span;
    let text = workspace.text(&finding.place.file);
    let excerpt = text.and_then(|text| text.get(span.start as usize..span.end as usize));
    excerpt.expect("BUG: a finding points into a file of the playbook")
}
