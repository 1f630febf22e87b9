//! The playbook as it was: a Git revision, or the last one of a day, laid out in a scratch directory.
//!
//! Git itself does the work, because it knows every kind of repository. Nothing of the user's
//! checkout is touched: the files are written elsewhere, through an index of their own.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use governance::views::Revision;
use jiff::civil::Date;

use crate::command_error::CommandError;
use crate::files;

/// A revision, laid out to be read.
#[derive(Debug)]
pub(crate) struct Past {
    /// Holds the files until they have been read.
    pub(crate) directory: tempfile::TempDir,
    /// The commit, shortened as Git does.
    pub(crate) commit: String,
}

/// The name of the directory of files within the scratch directory.
pub(crate) const FILES: &str = "files";

/// Lays out the playbook below `root` as it was at a day or a revision.
pub(crate) fn lay_out(root: &Path, named: &str) -> Result<Past, CommandError> {
    let commit = match named.parse::<Date>() {
        Ok(day) => last_of(root, day)?,
        Err(_) => resolve(root, named)?,
    };
    let prefix = git(root, &["rev-parse", "--show-prefix"])?;
    let repository = git(root, &["rev-parse", "--absolute-git-dir"])?;
    let tree = format!("{commit}:{}", prefix.trim_end_matches('/'));
    let directory = lay_out_tree(&repository, &tree)?;
    let commit = git(root, &["rev-parse", "--short", &commit])?;
    Ok(Past { directory, commit })
}

/// Lays out a tree of a repository, such as `COMMIT:docs`, below [`FILES`] of a scratch directory.
pub(crate) fn lay_out_tree(
    repository: &str,
    tree: &str,
) -> Result<tempfile::TempDir, CommandError> {
    let directory = tempfile::tempdir()
        .map_err(|error| CommandError::failed("no scratch directory could be made").why(error))?;
    let files = directory.path().join(FILES);
    files::make_directory(&files)?;
    let index = directory.path().join("index");
    let scratch = Scratch { repository: repository.to_owned(), index, files };
    scratch.git(&["read-tree", tree])?;
    scratch.git(&["checkout-index", "--all"])?;
    Ok(directory)
}

/// At most so many revisions are told of: a changelog is read from its top.
const REVISIONS: &str = "--max-count=200";

/// The playbook's revisions, newest first; none where there is no Git.
pub(crate) fn revisions(root: &Path) -> Vec<Revision> {
    // Fields end in a character that no name or subject holds.
    let format = "--format=%h%x1f%cI%x1f%an%x1f%s";
    let log = git(root, &["log", REVISIONS, format, "--", "."]).unwrap_or_default();
    log.lines()
        .filter_map(|line| {
            let mut fields = line.split('\u{1f}').map(str::to_owned);
            Some(Revision {
                id: fields.next()?,
                at: fields.next()?.parse().ok()?,
                author: fields.next(),
                summary: fields.next()?,
            })
        })
        .collect()
}

fn last_of(root: &Path, day: Date) -> Result<String, CommandError> {
    let before = format!("--before={day}T23:59:59Z");
    let commit = git(root, &["rev-list", "-1", &before, "HEAD"])?;
    if commit.is_empty() {
        return Err(CommandError::failed(format!("the playbook has no revision as old as {day}"))
            .hint("see its revisions with `git log`"));
    }
    Ok(commit)
}

fn resolve(root: &Path, named: &str) -> Result<String, CommandError> {
    let commit = format!("{named}^{{commit}}");
    git(root, &["rev-parse", "--verify", "--quiet", "--end-of-options", &commit]).map_err(|_| {
        CommandError::usage(format!("`{named}` is neither a day nor a revision of the playbook"))
            .hint("write a day as `2026-11-22`, or see the revisions with `git log`")
    })
}

fn git(root: &Path, arguments: &[&str]) -> Result<String, CommandError> {
    finish(Command::new("git").arg("-C").arg(root).args(arguments).output())
}

/// A work tree and an index beside the user's own.
struct Scratch {
    repository: String,
    index: PathBuf,
    files: PathBuf,
}

impl Scratch {
    fn git(&self, arguments: &[&str]) -> Result<String, CommandError> {
        let mut command = Command::new("git");
        command.current_dir(&self.files).args(arguments);
        command.env("GIT_DIR", &self.repository).env("GIT_WORK_TREE", &self.files);
        command.env("GIT_INDEX_FILE", &self.index);
        finish(command.output())
    }
}

fn finish(output: std::io::Result<Output>) -> Result<String, CommandError> {
    let output = output.map_err(|error| {
        CommandError::failed("Git could not be run")
            .why(error)
            .hint("`--as-of` reads the playbook's history: install Git")
    })?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned());
    }
    Err(CommandError::failed("Git could not read the playbook's history")
        .why(String::from_utf8_lossy(&output.stderr).trim())
        .hint("`--as-of` needs a playbook that is kept in Git"))
}
