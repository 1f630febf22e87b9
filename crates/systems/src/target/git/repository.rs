//! The bare clone: fetching, reading trees and blobs, writing objects, pushing.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use plan::{Fault, FaultKind};
use tokio::sync::{Mutex, MutexGuard};

use super::Branch;
use super::command::Git;

/// A bare clone of council's own, and the branch that it stands for.
#[derive(Debug)]
pub(super) struct Repository {
    pub(super) branch: Branch,
    clone: PathBuf,
    /// One use at a time: the index file and the fetched head are shared.
    lock: Mutex<()>,
}

/// The branch has moved while a commit was made; it is made again.
pub(super) const MOVED: &str = "the branch has moved";

impl Repository {
    pub(super) fn new(branch: Branch, clone: PathBuf) -> Self {
        let branch = Branch { path: branch.path.trim_matches('/').to_owned(), ..branch };
        Self { branch, clone, lock: Mutex::new(()) }
    }

    pub(super) async fn lock(&self) -> MutexGuard<'_, ()> {
        self.lock.lock().await
    }

    fn git<'a>(&self, words: impl IntoIterator<Item = &'a str>) -> Git {
        Git::new(&self.clone, words)
    }

    /// Brings the branch's head here; none if the remote answers and has no such branch.
    pub(super) async fn fetch(&self) -> Result<Option<String>, Fault> {
        if !self.clone.join("HEAD").is_file() {
            let failed = |error: std::io::Error| {
                let clone = self.clone.display();
                Fault::new(FaultKind::Failed, format!("{clone} cannot be made: {error}"))
            };
            std::fs::create_dir_all(&self.clone).map_err(failed)?;
            Git::new(Path::new(&self.clone), ["init", "--bare", "--quiet"]).run().await?;
        }
        let Branch { remote, branch, .. } = &self.branch;
        let heads = format!("refs/heads/{branch}");
        // Asked first, because a missing branch and a missing repository are different answers.
        let listed = self.git(["ls-remote", "--", remote, &heads]).text().await?;
        if listed.is_empty() {
            return Ok(None);
        }
        let to = format!("+{heads}:refs/council/head");
        self.git(["fetch", "--quiet", "--no-tags", "--", remote, &to]).run().await?;
        self.git(["rev-parse", "refs/council/head"]).text().await.map(Some)
    }

    /// The blobs of a commit below the branch's path, by path from there.
    pub(super) async fn tree(&self, commit: &str) -> Result<BTreeMap<String, String>, Fault> {
        let mut words = vec!["ls-tree", "-r", "-z", "--full-tree", commit];
        if !self.branch.path.is_empty() {
            words.extend(["--", &self.branch.path]);
        }
        let listed = self.git(words).run().await?;
        let listed = String::from_utf8_lossy(&listed);
        let prefix = self.full("");
        let blobs = listed.split('\0').filter_map(|line| {
            // `100644 blob <id>\t<path>`
            let (head, path) = line.split_once('\t')?;
            let id = head.split(' ').nth(2)?;
            Some((path.strip_prefix(&prefix)?.to_owned(), id.to_owned()))
        });
        Ok(blobs.collect())
    }

    /// A path from the repository's root.
    pub(super) fn full(&self, path: &str) -> String {
        match self.branch.path.as_str() {
            "" => path.to_owned(),
            below => format!("{below}/{path}"),
        }
    }

    /// The bytes of a blob.
    pub(super) async fn blob(&self, id: &str) -> Result<Vec<u8>, Fault> {
        self.git(["cat-file", "blob", id]).run().await
    }

    /// Stores bytes and says their id.
    pub(super) async fn store(&self, bytes: &[u8]) -> Result<String, Fault> {
        self.git(["hash-object", "-w", "--stdin"]).input(bytes).text().await
    }

    /// Whether a commit on the branch names a step.
    pub(super) async fn names(&self, head: &str, trailer: &str) -> Result<Option<String>, Fault> {
        let grep = format!("--grep=^{trailer}$");
        let words = ["log", "-1", "--format=%h", &grep, head];
        let found = self.git(words).text().await?;
        Ok((!found.is_empty()).then_some(found))
    }

    /// Commits changed blobs (none to remove one) on top of `head`, and pushes. The result names the commit.
    pub(super) async fn push(
        &self,
        head: Option<&str>,
        changed: &BTreeMap<String, Option<String>>,
        message: &str,
    ) -> Result<String, Fault> {
        let index = self.clone.join("council-index");
        let index = index.to_string_lossy();
        let with_index = |git: Git| git.environment("GIT_INDEX_FILE", index.clone());
        let base = head.unwrap_or("--empty");
        with_index(self.git(["read-tree", base])).run().await?;
        let mut lines = Vec::new();
        for (path, blob) in changed {
            let path = self.full(path);
            let line = match blob {
                Some(blob) => format!("100644 {blob}\t{path}\0"),
                // Mode 0 takes the path away.
                None => format!("0 0000000000000000000000000000000000000000\t{path}\0"),
            };
            lines.extend(line.into_bytes());
        }
        with_index(self.git(["update-index", "-z", "--index-info"])).input(lines).run().await?;
        let tree = with_index(self.git(["write-tree"])).text().await?;
        let mut words = vec!["commit-tree", &tree];
        words.extend(head.iter().flat_map(|head| ["-p", head]));
        let (name, mail) = author(&self.branch.author);
        let commit = self
            .git(words)
            .environment("GIT_AUTHOR_NAME", name)
            .environment("GIT_AUTHOR_EMAIL", mail)
            .environment("GIT_COMMITTER_NAME", name)
            .environment("GIT_COMMITTER_EMAIL", mail)
            .input(message)
            .text()
            .await?;
        let Branch { remote, branch, .. } = &self.branch;
        let to = format!("{commit}:refs/heads/{branch}");
        match self.git(["push", "--quiet", "--", remote, &to]).run().await {
            Ok(_) => Ok(commit),
            Err(fault) if moved(&fault.message) => Err(Fault::new(FaultKind::Failed, MOVED)),
            Err(fault) => Err(fault),
        }
    }
}

fn moved(said: &str) -> bool {
    ["fetch first", "non-fast-forward", "cannot lock ref", "reference already exists"]
        .iter()
        .any(|words| said.contains(words))
}

/// `council <council@example.org>` in its two parts.
fn author(text: &str) -> (&str, &str) {
    match text.split_once('<') {
        Some((name, mail)) => (name.trim(), mail.trim_end_matches('>').trim()),
        None => (text.trim(), "council@localhost"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_author_is_read_in_both_forms() {
        assert_eq!(author("Council <c@example.org>"), ("Council", "c@example.org"));
        assert_eq!(author("council"), ("council", "council@localhost"));
    }
}
