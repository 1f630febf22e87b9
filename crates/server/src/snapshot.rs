//! The playbook as it is current: resources, findings and the revision they came from.
//!
//! A snapshot is immutable; the playbook worker replaces it. One with errors never becomes current
//! while there is one without: it is *held back*, and every face says so until it is mended. At the very
//! start there may be nothing better than a broken playbook; then that is shown, with its errors.

use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use diag::{Diagnostic, Severity, Sources as _};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use org::kinds::Organization;
use playbook::{Facts, Model, Vocabulary, Workspace};
use policy::Authorizer;
use schemars::JsonSchema;
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use crate::limits::MAX_REVISIONS;
use crate::policies::Policies;

/// What identifies a state of the playbook.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
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
    /// The organization's own policies.
    pub policies: Arc<Policies>,
    /// Decides who may do what.
    pub authorizer: Arc<Authorizer>,
    /// Where it came from.
    pub revision: Revision,
    /// Earlier revisions, newest first; empty without Git.
    pub revisions: Arc<Vec<governance::views::Revision>>,
    /// The day it was checked for.
    pub facts: Facts,
    /// When it became current.
    pub since: Timestamp,
    /// What is newer in the files and broken.
    pub held_back: Option<HeldBack>,
}

impl Snapshot {
    /// Reads and checks the playbook below a directory.
    pub fn read(root: &Path, vocabulary: Arc<Vocabulary>, now: Timestamp) -> Self {
        Self::check(Workspace::open(root, vocabulary), now)
    }

    /// Checks what was read for the day that it is now in the organization's time zone.
    pub fn check(workspace: Workspace, now: Timestamp) -> Self {
        let facts = Facts { today: today(workspace.model(), now) };
        let policies = Policies::read(workspace.root());
        let mut diagnostics = workspace.check(&facts);
        diagnostics.extend(policies.diagnostics());
        diag::sort(&mut diagnostics);
        let revision = revision_of(&workspace, &policies);
        let workspace_root = &workspace.root().to_owned();
        Self {
            workspace: Arc::new(workspace),
            diagnostics: Arc::new(diagnostics),
            authorizer: Arc::new(policies.authorizer()),
            policies: Arc::new(policies),
            revisions: Arc::new(git_log(workspace_root)),
            revision,
            facts,
            since: now,
            held_back: None,
        }
    }

    /// The organization's time zone; UTC until a playbook names one.
    pub fn time_zone(&self) -> TimeZone {
        time_zone(self.model())
    }

    /// The organization's title, or a word for it while there is none.
    pub fn title(&self) -> &str {
        self.model().all::<Organization>().next().map_or("the council", |found| found.title())
    }

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

/// The day that it is in the organization's time zone.
pub(crate) fn today(model: &Model, now: Timestamp) -> jiff::civil::Date {
    now.to_zoned(time_zone(model)).date()
}

fn time_zone(model: &Model) -> TimeZone {
    let organization = model.all::<Organization>().next();
    organization
        .and_then(|found| TimeZone::get(&found.spec.time_zone.value).ok())
        .unwrap_or(TimeZone::UTC)
}

/// Names the state of the files: their commit when they are in Git, else a digest of all resources.
fn revision_of(workspace: &Workspace, policies: &Policies) -> Revision {
    git_revision(workspace.root())
        .unwrap_or_else(|| Revision { id: digest_of(workspace, policies), dirty: false })
}

fn git_revision(root: &Path) -> Option<Revision> {
    let head = git(root, &["rev-parse", "--verify", "--quiet", "HEAD"])?;
    // Only what lies below the playbook's directory counts: it may be a part of a larger repository.
    let changes = git(root, &["status", "--porcelain", "--untracked-files=normal", "--", "."])?;
    let id = head.trim().to_owned();
    (!id.is_empty()).then_some(Revision { id, dirty: !changes.trim().is_empty() })
}

/// The newest commits that touched the playbook.
fn git_log(root: &Path) -> Vec<governance::views::Revision> {
    let count = format!("--max-count={MAX_REVISIONS}");
    let format = "--format=%H%x1f%cI%x1f%an%x1f%s";
    let log = git(root, &["log", &count, format, "--", "."]).unwrap_or_default();
    let revision = |line: &str| {
        let mut parts = line.splitn(4, '\u{1f}');
        Some(governance::views::Revision {
            id: parts.next()?.to_owned(),
            at: parts.next()?.parse().ok()?,
            author: parts.next().filter(|author| !author.is_empty()).map(str::to_owned),
            summary: parts.next()?.to_owned(),
        })
    };
    log.lines().filter_map(revision).collect()
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

fn digest_of(workspace: &Workspace, policies: &Policies) -> String {
    let mut hasher = Sha256::new();
    for resource in workspace.model().resources() {
        let text = workspace.text(&resource.place.file).unwrap_or_default();
        let extent = resource.extent.start as usize..resource.extent.end as usize;
        hasher.update(resource.id.to_string());
        hasher.update([0]);
        hasher.update(text.get(extent).unwrap_or_default());
        hasher.update([b'\n']);
    }
    for (name, text) in policies.texts() {
        hasher.update(name);
        hasher.update([0]);
        hasher.update(text);
    }
    format!("sha256:{}", crate::auth::secret::hex(&hasher.finalize()))
}
