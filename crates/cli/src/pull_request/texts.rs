//! The texts that findings about a change point into: the playbook's, its policies', and those in which a secret stands.
//!
//! The last ones are covered: an excerpt that repeats a secret would put it into the log of every pipeline.

use std::borrow::Cow;
use std::collections::BTreeMap;

use diag::Sources;
use playbook::Workspace;

use crate::checked::Checked;

/// Everything that findings about a change point into.
#[derive(Debug)]
pub(crate) struct Texts<'t> {
    checked: Checked<'t>,
    covered: BTreeMap<String, String>,
}

impl<'t> Texts<'t> {
    /// The texts of a playbook, and of its policies.
    pub(crate) fn of(workspace: &'t Workspace) -> Self {
        Self { checked: Checked::beside(workspace), covered: BTreeMap::new() }
    }

    /// Adds a text in which what was found is covered.
    pub(super) fn cover(&mut self, file: String, text: String) {
        self.covered.insert(file, text);
    }
}

impl Sources for Texts<'_> {
    fn text(&self, file: &str) -> Option<&str> {
        let covered = self.covered.get(file).map(String::as_str);
        covered.or_else(|| self.checked.text(file))
    }

    fn shown<'f>(&self, file: &'f str) -> Cow<'f, str> {
        match self.checked.shown(file) {
            shown if shown.contains("/../") => Cow::Owned(straight(&shown)),
            shown => shown,
        }
    }
}

/// A path without the detours of files that are beside the playbook: `playbook/../deploy/a` is `deploy/a`.
fn straight(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match parts.last() {
            Some(last) if part == ".." && !matches!(*last, ".." | "") => {
                parts.pop();
            }
            Some(_) | None => parts.push(part),
        }
    }
    parts.join("/")
}
