//! Commits of a remote that are looked at and not followed: the heads of pull requests.
//!
//! A mirror fetches single refs, compares commits, and lays the files of one out in a directory. It never checks anything
//! out in place, and what it lays out has passed the same limits as what is followed.

use std::path::{Path, PathBuf};

use super::{Follower, Trouble, words};

/// A diff without context, whose names begin as everybody expects them to.
const AS_DIFF: [&str; 6] = [
    "--unified=0",
    "--no-renames",
    "--no-color",
    "--no-ext-diff",
    "--src-prefix=a/",
    "--dst-prefix=b/",
];

/// A clone that holds what was asked for.
#[derive(Clone, Debug)]
pub struct Mirror(Follower);

/// A commit that a branch adds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Commit {
    /// Its id.
    pub id: String,
    /// The mail address of whoever wrote it.
    pub author: String,
    /// Whether it joins several lines of history.
    pub is_merge: bool,
}

impl Mirror {
    pub(super) fn new(remote: Follower) -> Self {
        Self(remote)
    }

    /// Fetches one ref, such as `refs/pull/7/head`, and returns its newest commit.
    ///
    /// # Errors
    /// When the remote does not answer, or has no such ref, or more than the limits allow.
    pub async fn fetch(&self, reference: &str) -> Result<String, Trouble> {
        self.0.prepare().await?;
        let kept = format!("refs/council/seen/{}", reference.trim_start_matches("refs/"));
        let spec = format!("+{reference}:{kept}");
        let fetch = ["fetch", "--quiet", "--no-tags", "--no-write-fetch-head"];
        let mut arguments = fetch.to_vec();
        arguments.extend(["--no-recurse-submodules", "--end-of-options", &self.0.url, &spec]);
        let output = self.0.run(&arguments).await?;
        if !output.status.success() {
            let said = words(&output.stderr, &self.0.url);
            return Err(if said.contains("couldn't find remote ref") {
                Trouble::NoBranch(reference.to_owned())
            } else {
                Trouble::Unreachable(said)
            });
        }
        let at = self.0.ask(&["rev-parse", "--verify", &format!("{kept}^{{commit}}")]).await?;
        let at = at.ok_or_else(|| Trouble::Broken("what was fetched is no commit".to_owned()))?;
        self.0.limit(&at).await?;
        Ok(at)
    }

    /// The newest commit that two have in common.
    ///
    /// # Errors
    /// When Git cannot be run.
    pub async fn merge_base(&self, one: &str, other: &str) -> Result<Option<String>, Trouble> {
        self.0.ask(&["merge-base", one, other]).await
    }

    /// The tree that merging would give; `None` when the two conflict.
    ///
    /// # Errors
    /// When Git cannot be run.
    pub async fn merged(&self, base: &str, head: &str) -> Result<Option<String>, Trouble> {
        self.0.ask(&["merge-tree", "--write-tree", base, head]).await
    }

    /// Says whether everything of a commit is in another one's history; `false` for a commit that is not known.
    ///
    /// # Errors
    /// When Git cannot be run.
    pub async fn is_ancestor(&self, older: &str, newer: &str) -> Result<bool, Trouble> {
        Ok(self.0.ask(&["merge-base", "--is-ancestor", older, newer]).await?.is_some())
    }

    /// The files that differ between two commits, by path from the repository's root.
    ///
    /// # Errors
    /// When the commits cannot be compared.
    pub async fn changed(&self, base: &str, head: &str) -> Result<Vec<String>, Trouble> {
        let list = ["diff", "--name-only", "--no-renames", "-z", base, head, "--"];
        let list = self.text(&list).await?;
        Ok(list.split('\0').filter(|path| !path.is_empty()).map(str::to_owned).collect())
    }

    /// What differs between two commits.
    ///
    /// # Errors
    /// As [`Mirror::changed`].
    pub async fn diff(&self, base: &str, head: &str) -> Result<String, Trouble> {
        let plain = ["-c", "core.quotePath=false", "diff"];
        self.text(&[&plain[..], &AS_DIFF, &[base, head, "--"]].concat()).await
    }

    /// The commits that a branch adds, newest first.
    ///
    /// # Errors
    /// As [`Mirror::changed`].
    pub async fn added(&self, base: &str, head: &str) -> Result<Vec<Commit>, Trouble> {
        let range = format!("{base}..{head}");
        // Fields end in a character that no address holds.
        let log = self.text(&["log", "--format=%H%x1f%ae%x1f%P", &range, "--"]).await?;
        let commit = |line: &str| {
            let mut fields = line.split('\u{1f}');
            Some(Commit {
                id: fields.next()?.to_owned(),
                author: fields.next()?.to_owned(),
                is_merge: fields.next()?.contains(' '),
            })
        };
        Ok(log.lines().filter_map(commit).collect())
    }

    /// Lays the files of a commit or tree below a directory (`""`, or `docs/`) out in `into`.
    ///
    /// # Errors
    /// When there is no such directory in the commit, or no room.
    pub async fn lay_out(&self, tree: &str, below: &str, into: &Path) -> Result<(), Trouble> {
        std::fs::create_dir_all(into).map_err(|error| Trouble::Broken(error.to_string()))?;
        let index = PathBuf::from(format!("{}.index", into.display()));
        let around = [("GIT_INDEX_FILE", index.as_path()), ("GIT_WORK_TREE", into)];
        let tree = format!("{tree}:{}", below.trim_end_matches('/'));
        for arguments in [&["read-tree", &tree][..], &["checkout-index", "--all", "--force"]] {
            let output = self.0.run_with(arguments, &around).await?;
            if !output.status.success() {
                return Err(Trouble::Broken(words(&output.stderr, &self.0.url)));
            }
        }
        std::fs::remove_file(index).map_err(|error| Trouble::Broken(error.to_string()))
    }

    async fn text(&self, arguments: &[&str]) -> Result<String, Trouble> {
        let output = self.0.run(arguments).await?;
        if output.status.success() {
            return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
        }
        Err(Trouble::Broken(words(&output.stderr, &self.0.url)))
    }
}
