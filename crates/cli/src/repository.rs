//! A Git repository, read by the `git` binary: what a branch changes, who wrote it, and its files laid out.
//!
//! Works in a checkout, in a bare repository, and within a hook, whose environment (quarantined objects) the
//! binary inherits. Nothing here changes the repository.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

use crate::command_error::CommandError;
use crate::past;

/// The tree without files, which a first push is compared with; the same in every repository with SHA-1.
pub(crate) const EMPTY_TREE: &str = "4b825dc642cb6eb9a060e54bf8d69288fbee4904";

/// Names as they are, and not in octal.
const PLAIN_DIFF: [&str; 2] = ["-c", "core.quotePath=false"];

/// A diff without context, whose names begin as everybody expects them to.
const AS_DIFF: [&str; 6] = [
    "--unified=0",
    "--no-renames",
    "--no-color",
    "--no-ext-diff",
    "--src-prefix=a/",
    "--dst-prefix=b/",
];

/// A repository.
#[derive(Clone, Debug)]
pub(crate) struct Repository {
    directory: PathBuf,
    git_dir: String,
}

impl Repository {
    /// Finds the repository that a directory belongs to.
    pub(crate) fn at(directory: &Path) -> Result<Self, CommandError> {
        let mut found = Self { directory: directory.to_owned(), git_dir: String::new() };
        found.git_dir = found
            .git(&["rev-parse", "--absolute-git-dir"])
            .map_err(|error| error.hint("run it in a Git repository"))?;
        Ok(found)
    }

    /// Where its files are checked out; `None` for a bare one.
    pub(crate) fn top(&self) -> Option<PathBuf> {
        self.ask(&["rev-parse", "--show-toplevel"]).map(PathBuf::from)
    }

    /// The commit that a name means.
    pub(crate) fn commit(&self, name: &str) -> Option<String> {
        let name = format!("{name}^{{commit}}");
        self.ask(&["rev-parse", "--verify", "--quiet", "--end-of-options", &name])
    }

    /// The branch that is checked out, or that a bare repository's `HEAD` names.
    pub(crate) fn branch(&self) -> Option<String> {
        self.ask(&["symbolic-ref", "--quiet", "--short", "HEAD"])
    }

    /// The newest commit that two have in common.
    pub(crate) fn merge_base(&self, one: &str, other: &str) -> Option<String> {
        self.ask(&["merge-base", one, other])
    }

    /// Says whether everything of a commit is in another one's history.
    pub(crate) fn is_ancestor(&self, older: &str, newer: &str) -> bool {
        self.ask(&["merge-base", "--is-ancestor", older, newer]).is_some()
    }

    /// The files that differ between two trees, by path from the repository's root.
    pub(crate) fn changed(&self, base: &str, head: &str) -> Result<Vec<String>, CommandError> {
        let list = self.git(&["diff", "--name-only", "--no-renames", "-z", base, head, "--"])?;
        Ok(list.split('\0').filter(|path| !path.is_empty()).map(str::to_owned).collect())
    }

    /// What differs between two trees, as a diff that no configuration has a say in.
    pub(crate) fn diff(&self, base: &str, head: &str) -> Result<String, CommandError> {
        self.git(&[&PLAIN_DIFF[..], &["diff"], &AS_DIFF, &[base, head, "--"]].concat())
    }

    /// What each commit between two changed, one diff after the other.
    pub(crate) fn patches(&self, base: Option<&str>, head: &str) -> Result<String, CommandError> {
        let range = base.map_or_else(|| head.to_owned(), |base| format!("{base}..{head}"));
        let log = ["log", "--patch", "--no-merges", "--format="];
        self.git(&[&PLAIN_DIFF[..], &log, &AS_DIFF, &[&range, "--"]].concat())
    }

    /// The text of a file in a commit; `None` when it is not there or no text.
    pub(crate) fn show(&self, commit: &str, path: &str) -> Option<String> {
        let output = self.run(&["show", &format!("{commit}:{path}")]).ok()?;
        let text = output.status.success().then_some(output.stdout)?;
        String::from_utf8(text).ok()
    }

    /// When a commit was made.
    pub(crate) fn time(&self, commit: &str) -> Option<jiff::Timestamp> {
        self.ask(&["log", "-1", "--format=%cI", commit, "--"])?.parse().ok()
    }

    /// The commits that a branch adds, newest first.
    pub(crate) fn added(
        &self,
        base: Option<&str>,
        head: &str,
    ) -> Result<Vec<Commit>, CommandError> {
        let range = base.map_or_else(|| head.to_owned(), |base| format!("{base}..{head}"));
        // Fields and records end in characters that no message should hold.
        let format = "--format=%H%x1f%ae%x1f%P%x1f%B%x1e";
        let log = self.git(&["log", format, &range, "--"])?;
        let commits = log.split('\u{1e}').filter_map(|record| {
            let mut fields = record.trim_start().splitn(4, '\u{1f}');
            Some(Commit {
                id: fields.next().filter(|id| !id.is_empty())?.to_owned(),
                author: fields.next()?.to_owned(),
                is_merge: fields.next()?.contains(' '),
                message: fields.next()?.trim().to_owned(),
            })
        });
        Ok(commits.collect())
    }

    /// The commits that a branch itself moves through, without what they merge, newest first.
    pub(crate) fn steps(
        &self,
        base: Option<&str>,
        head: &str,
    ) -> Result<Vec<String>, CommandError> {
        let range = base.map_or_else(|| head.to_owned(), |base| format!("{base}..{head}"));
        let list = self.git(&["rev-list", "--first-parent", &range, "--"])?;
        Ok(list.lines().map(str::to_owned).collect())
    }

    /// Says whether a merge does no more than to merge: nothing in it comes from neither side.
    pub(crate) fn merges_cleanly(&self, merge: &str) -> bool {
        self.git(&["show", "--remerge-diff", "--format=", merge]).is_ok_and(|diff| diff.is_empty())
    }

    /// Who signed a commit, by the name in `signers` (`NAME KEY`, one a line); `None` when nobody of them did.
    pub(crate) fn signer(&self, commit: &str, signers: &Path) -> Option<String> {
        let file = format!("gpg.ssh.allowedSignersFile={}", signers.display());
        let answer = self.ask(&["-c", &file, "log", "-1", "--format=%G?%x1f%GS", commit, "--"])?;
        answer.strip_prefix("G\u{1f}").filter(|name| !name.is_empty()).map(str::to_owned)
    }

    /// The directory of the playbook in a commit: the one of the uppermost `council.yaml`.
    pub(crate) fn playbook_in(&self, commit: &str) -> Option<String> {
        let files = self.ask(&["ls-tree", "-r", "--name-only", "-z", commit])?;
        let marker = crate::playbook_root::MARKER;
        files
            .split('\0')
            .filter_map(|path| path.strip_suffix(marker))
            .filter(|directory| directory.is_empty() || directory.ends_with('/'))
            .min_by_key(|directory| (directory.matches('/').count(), directory.len()))
            .map(str::to_owned)
    }

    /// Lays out a directory of a commit (`""`, or `docs/`) in a scratch directory.
    pub(crate) fn lay_out(&self, commit: &str, below: &str) -> Result<TempDir, CommandError> {
        past::lay_out_tree(&self.git_dir, &format!("{commit}:{}", below.trim_end_matches('/')))
    }

    fn git(&self, arguments: &[&str]) -> Result<String, CommandError> {
        let output = self.run(arguments).map_err(|error| {
            CommandError::failed("Git could not be run").why(error).hint("install Git")
        })?;
        if output.status.success() {
            return Ok(String::from_utf8_lossy(&output.stdout).trim_end_matches('\n').to_owned());
        }
        Err(CommandError::failed("Git could not read the repository")
            .why(String::from_utf8_lossy(&output.stderr).trim()))
    }

    /// Asks what may well have no answer.
    fn ask(&self, arguments: &[&str]) -> Option<String> {
        self.git(arguments).ok()
    }

    fn run(&self, arguments: &[&str]) -> std::io::Result<std::process::Output> {
        Command::new("git")
            .current_dir(&self.directory)
            .args(arguments)
            // Looking must not take the index lock away from the person who works there.
            .env("GIT_OPTIONAL_LOCKS", "0")
            .stdin(Stdio::null())
            .output()
    }
}

/// A commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Commit {
    /// Its id.
    pub(crate) id: String,
    /// The author's mail address.
    pub(crate) author: String,
    /// Whether it joins several lines of history.
    pub(crate) is_merge: bool,
    /// The whole message.
    pub(crate) message: String,
}
