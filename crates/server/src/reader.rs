//! The reader: owns the playbook's files in memory, takes in what changed on the disk, and makes snapshots.
//!
//! The files live in one [`Workspace`], which only the playbook worker touches. What an answer is computed from is a
//! [`Snapshot`]: an edition of it that never changes. After an edit of one file that file alone is read again.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::Timestamp;
use playbook::{Facts, Workspace};

use crate::Snapshot;
use crate::policies::Policies;
use crate::revision::{self, Digests};
use crate::snapshot::{Revision, today};

/// Files, policies and what is known of their revision.
#[derive(Debug)]
pub struct Reader {
    workspace: Workspace,
    policies: Arc<Policies>,
    digests: Digests,
    revision: Revision,
    in_git: bool,
    revisions: Arc<Vec<governance::views::Revision>>,
}

/// What changed on the disk.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Changes {
    /// Files to read again, by their names in the playbook.
    pub(crate) files: BTreeSet<String>,
    /// Whether files may have come or gone, so that the directory must be walked.
    pub(crate) tree: bool,
    /// Whether a policy file changed.
    pub(crate) policies: bool,
    /// Whether Git's head moved.
    pub(crate) head: bool,
}

impl Changes {
    /// Says whether nothing changed.
    pub(crate) fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

impl Reader {
    /// Takes a playbook that was read, and reads the policies beside it.
    pub fn of(workspace: Workspace) -> Self {
        let policies = Arc::new(Policies::read(workspace.root()));
        let mut reader = Self {
            workspace,
            policies,
            digests: Digests::default(),
            revision: Revision { id: String::new(), dirty: false },
            in_git: false,
            revisions: Arc::default(),
        };
        reader.name_revision();
        reader
    }

    /// The workspace, to ask which files it knows.
    pub fn workspace(&self) -> &Workspace {
        &self.workspace
    }

    /// Takes in what changed. Says whether anything is different now.
    pub(crate) fn take_in(&mut self, changes: &Changes) -> bool {
        let mut differs = changes.policies || changes.head;
        if changes.tree {
            differs |= self.workspace.rescan(&changes.files);
        } else {
            changes.files.iter().for_each(|file| self.workspace.update(file, None));
            differs |= !changes.files.is_empty();
        }
        if changes.policies {
            self.policies = Arc::new(Policies::read(self.workspace.root()));
        }
        differs
    }

    /// Finds out which revision the files are. With Git it starts three processes, which is slow beside checking one
    /// file; whoever is in a hurry makes a snapshot first.
    pub(crate) fn name_revision(&mut self) {
        let root = self.workspace.root();
        let commit = revision::of_git(root);
        self.in_git = commit.is_some();
        self.revision = match commit {
            Some(commit) => {
                self.revisions = Arc::new(revision::log(root));
                commit
            }
            None => self.digests.revision(&self.workspace.edition(), &self.policies),
        };
    }

    /// Says whether the revision is a commit, which takes long to find out.
    pub(crate) fn is_in_git(&self) -> bool {
        self.in_git
    }

    /// Notes that files differ from the commit, as they do after nearly every edit, until it is found out.
    pub(crate) fn assume_dirty(&mut self) {
        self.revision.dirty = true;
    }

    /// Checks everything for the day that it is now in the organization's time zone.
    pub fn snapshot(&self, now: Timestamp) -> Snapshot {
        let facts = Facts { today: today(self.workspace.model(), now) };
        let mut diagnostics = self.workspace.check(&facts);
        diagnostics.extend(self.policies.diagnostics(self.workspace.model()));
        diag::sort(&mut diagnostics);
        self.stamp(Snapshot {
            edition: Arc::new(self.workspace.edition()),
            diagnostics: Arc::new(diagnostics),
            authorizer: Arc::new(self.policies.authorizer()),
            policies: self.policies.clone(),
            revision: self.revision.clone(),
            revisions: self.revisions.clone(),
            facts,
            since: now,
            held_back: None,
        })
    }

    /// The same snapshot under the revision that is known by now.
    pub(crate) fn stamp(&self, snapshot: Snapshot) -> Snapshot {
        let (revision, revisions) = (self.revision.clone(), self.revisions.clone());
        Snapshot { revision, revisions, ..snapshot }
    }
}
