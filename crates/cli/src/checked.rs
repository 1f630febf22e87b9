//! The playbook's files together with the organization's own policies, as one thing to check and to show.
//!
//! Policies (`policies/*.cedar`) are a part of the playbook, but of another language, and another room reads them.
//! `council check` and `council up` must find the same in both, or a playbook would pass in CI and not become current.

use std::borrow::Cow;

use diag::Diagnostic;
use diag::render::Sources;
use playbook::{Facts, Workspace};
use server::policies::Policies;

/// Everything that findings point into.
#[derive(Debug)]
pub(crate) struct Checked<'c> {
    workspace: &'c Workspace,
    policies: Cow<'c, Policies>,
}

impl<'c> Checked<'c> {
    /// Reads the policies beside a playbook.
    pub(crate) fn beside(workspace: &'c Workspace) -> Self {
        Self { workspace, policies: Cow::Owned(Policies::read(workspace.root())) }
    }

    /// Takes policies that were read already.
    pub(crate) fn with(workspace: &'c Workspace, policies: &'c Policies) -> Self {
        Self { workspace, policies: Cow::Borrowed(policies) }
    }

    /// All findings.
    pub(crate) fn findings(&self, facts: &Facts) -> Vec<Diagnostic> {
        let mut findings = self.workspace.check(facts);
        findings.extend(self.policies.diagnostics(self.workspace.model()));
        diag::sort(&mut findings);
        findings
    }

    /// How many files were read.
    pub(crate) fn files(&self) -> usize {
        self.workspace.files().len() + self.policies.count()
    }
}

impl Sources for Checked<'_> {
    fn text(&self, file: &str) -> Option<&str> {
        self.workspace.text(file).or_else(|| self.policies.text(file))
    }

    fn shown<'f>(&self, file: &'f str) -> Cow<'f, str> {
        self.workspace.shown(file)
    }
}
