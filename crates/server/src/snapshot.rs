//! The playbook as it is current: resources, findings and the revision they came from.
//!
//! A snapshot is immutable; the playbook worker replaces it. One with errors never becomes current
//! while there is one without: it is *held back*, and every face says so until it is mended. At the very
//! start there may be nothing better than a broken playbook; then that is shown, with its errors.

use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use diag::{Diagnostic, Severity};
use jiff::Timestamp;
use playbook::{Facts, Model, Workspace};
use serde::Serialize;
use sha2::{Digest as _, Sha256};

/// What identifies a state of the playbook.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Revision {
    /// The Git commit, or `sha256:…` over the resources where there is no Git.
    pub id: String,
    /// Whether the files differ from that commit.
    pub dirty: bool,
}

impl Revision {
    /// The short form for people, with `+` when the files differ from the commit.
    pub fn short(&self) -> String {
        let digits = self.id.trim_start_matches("sha256:").chars().take(10).collect::<String>();
        if self.dirty { digits + "+" } else { digits }
    }
}

/// A newer playbook that has errors and therefore did not become current.
#[derive(Clone, Debug)]
pub struct HeldBack {
    /// What was found in the files.
    pub revision: Revision,
    /// Its findings.
    pub diagnostics: Arc<Vec<Diagnostic>>,
    /// Since when it is held back.
    pub since: Timestamp,
}

/// The playbook that answers are computed from.
#[derive(Clone, Debug)]
pub struct Snapshot {
    /// Files, texts and vocabulary.
    pub workspace: Arc<Workspace>,
    /// The findings, sorted.
    pub diagnostics: Arc<Vec<Diagnostic>>,
    /// Where it came from.
    pub revision: Revision,
    /// The day it was checked for.
    pub facts: Facts,
    /// When it became current.
    pub since: Timestamp,
    /// What is newer in the files and broken.
    pub held_back: Option<HeldBack>,
}

impl Snapshot {
    /// The resources.
    pub fn model(&self) -> &Model {
        self.workspace.model()
    }

    /// How many findings of this severity there are.
    pub fn count(&self, severity: Severity) -> usize {
        self.diagnostics.iter().filter(|finding| finding.severity == severity).count()
    }

    /// Says whether it has errors itself, which happens only when nothing better was ever read.
    pub fn is_broken(&self) -> bool {
        self.count(Severity::Error) > 0
    }
}

/// Names the state of the files: their commit when they are in Git, else a digest of all resources.
pub fn revision_of(root: &Path, model: &Model) -> Revision {
    git_revision(root).unwrap_or_else(|| Revision { id: digest_of(model), dirty: false })
}

fn git_revision(root: &Path) -> Option<Revision> {
    let head = git(root, &["rev-parse", "--verify", "--quiet", "HEAD"])?;
    // Only what lies below the playbook's directory counts: it may be a part of a larger repository.
    let changes = git(root, &["status", "--porcelain", "--untracked-files=normal", "--", "."])?;
    let id = head.trim().to_owned();
    (!id.is_empty()).then_some(Revision { id, dirty: !changes.trim().is_empty() })
}

fn git(root: &Path, arguments: &[&str]) -> Option<String> {
    let output = Command::new("git")
        .arg("-C")
        .arg(root)
        .args(arguments)
        // Looking must not take the index lock away from the person who works there.
        .env("GIT_OPTIONAL_LOCKS", "0")
        .stdin(std::process::Stdio::null())
        .output()
        .ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

fn digest_of(model: &Model) -> String {
    let mut hasher = Sha256::new();
    for resource in model.resources() {
        hasher.update(resource.id.to_string());
        hasher.update([0]);
        hasher.update(resource.digest.as_bytes());
        hasher.update([b'\n']);
    }
    format!("sha256:{}", crate::auth::secret::hex(&hasher.finalize()))
}
