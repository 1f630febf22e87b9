//! Which state of the files a snapshot shows: their commit where they are in Git, else a digest of their texts.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use playbook::Edition;
use sha2::{Digest as _, Sha256};

use crate::limits::MAX_REVISIONS;
use crate::policies::Policies;
use crate::snapshot::Revision;

/// Digests of texts, kept between readings, so that one edited file costs one digest.
#[derive(Debug, Default)]
pub(crate) struct Digests(BTreeMap<Arc<str>, (Arc<str>, [u8; 32])>);

impl Digests {
    /// Names the state of all texts and policies.
    pub(crate) fn revision(&mut self, edition: &Edition, policies: &Policies) -> Revision {
        let mut fresh = BTreeMap::new();
        let mut hasher = Sha256::new();
        let mut add = |name: &str, digest: &[u8]| {
            hasher.update(name);
            hasher.update([0]);
            hasher.update(digest);
        };
        for (name, text) in edition.texts() {
            let known = self.0.remove(name).filter(|(known, _)| Arc::ptr_eq(known, text));
            let digest = known.map_or_else(|| Sha256::digest(&**text).into(), |(_, digest)| digest);
            add(name, &digest);
            fresh.insert(name.clone(), (text.clone(), digest));
        }
        for (name, text) in policies.texts() {
            add(name, &Sha256::digest(text));
        }
        self.0 = fresh;
        let id = format!("sha256:{}", crate::auth::secret::hex(&hasher.finalize()));
        Revision { id, dirty: false }
    }
}

/// The commit that the files come from, and whether they differ from it; `None` without Git.
pub(crate) fn of_git(root: &Path) -> Option<Revision> {
    let head = git(root, &["rev-parse", "--verify", "--quiet", "HEAD"])?;
    // Only what lies below the playbook's directory counts: it may be a part of a larger repository.
    let changes = git(root, &["status", "--porcelain", "--untracked-files=normal", "--", "."])?;
    let id = head.trim().to_owned();
    (!id.is_empty()).then_some(Revision { id, dirty: !changes.trim().is_empty() })
}

/// The newest commits that touched the playbook.
pub(crate) fn log(root: &Path) -> Vec<governance::views::Revision> {
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
