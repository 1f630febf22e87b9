//! Following a repository: a clone that council keeps of somebody else's, moved along as the remote moves.
//!
//! [`Follower::turn`] fetches one branch and moves the checkout to it. What can happen to a remote is a value of
//! [`Move`] or [`Trouble`], not a surprise: it moved forward, was rewound, was rewritten, vanished, lost the branch, is
//! empty, or grew beyond the limits. The checkout changes only in the first three cases, so that whatever goes wrong
//! the last state stays. A commit that rewriting took off the branch is kept under `refs/council/replaced/`, because
//! records point at it.
//!
//! The `git` binary does the work: it knows every transport, credential helper and configuration that people have. It
//! never asks on a terminal, runs no hook of the clone, and is stopped when it takes too long.
//!
//! Absent on purpose: looking into the files. Whether a commit is a sound playbook is for whoever reads it.

use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};

use jiff::Timestamp;
use serde::Serialize;
use tokio::process::Command;

mod limits;
mod mirror;
#[cfg(test)]
mod tests;

pub use limits::Limits;
pub use mirror::{Commit, Mirror};

/// Characters of Git's own words that are repeated: its first lines say what is wrong.
const MOST_WORDS: usize = 500;

/// A remote branch, and the clone that follows it.
#[derive(Clone, Debug)]
pub struct Follower {
    url: String,
    branch: String,
    directory: PathBuf,
    limits: Limits,
}

/// What one turn found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Move {
    /// Nothing changed.
    Still {
        /// Where the branch is.
        at: String,
    },
    /// There was nothing, and now there is.
    First {
        /// Where the branch is.
        at: String,
    },
    /// The branch went on.
    Forward {
        /// Where it was.
        from: String,
        /// Where it is.
        at: String,
        /// How many commits it gained.
        commits: u64,
    },
    /// The branch went back to an older commit.
    Rewound {
        /// Where it was; kept.
        from: String,
        /// Where it is.
        at: String,
        /// How many commits it lost.
        lost: u64,
    },
    /// The branch was replaced by another history.
    Rewritten {
        /// Where it was; kept.
        from: String,
        /// Where it is.
        at: String,
        /// How many commits it lost.
        lost: u64,
    },
}

/// Why a turn could not move the checkout, which therefore stays as it was.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Trouble {
    /// The address could make Git run a program, or is none.
    #[error("`{0}` is no address of a repository that may be followed")]
    Address(String),
    /// The remote cannot be reached, is gone, or lets nobody in.
    #[error("the remote does not answer: {0}")]
    Unreachable(String),
    /// Git took too long and was stopped.
    #[error("Git was stopped after {0} s")]
    Slow(u64),
    /// The remote is there, and the branch is not.
    #[error("the remote has no branch `{0}`")]
    NoBranch(String),
    /// There is more than the limits allow.
    #[error("the repository is too large: {0}")]
    TooLarge(String),
    /// The clone itself cannot be used.
    #[error("the clone cannot be used: {0}")]
    Broken(String),
}

impl Move {
    /// The commit that the checkout is at.
    pub fn at(&self) -> &str {
        match self {
            Self::Still { at }
            | Self::First { at }
            | Self::Forward { at, .. }
            | Self::Rewound { at, .. }
            | Self::Rewritten { at, .. } => at,
        }
    }

    /// Says whether history that was there is no longer in the branch.
    pub fn lost_history(&self) -> bool {
        match self {
            Self::Still { .. } | Self::First { .. } | Self::Forward { .. } => false,
            Self::Rewound { .. } | Self::Rewritten { .. } => true,
        }
    }

    /// One sentence for a status.
    pub fn text(&self) -> String {
        let short = |commit: &str| commit.chars().take(10).collect::<String>();
        match self {
            Self::Still { at } => format!("at {}", short(at)),
            Self::First { at } => format!("cloned, at {}", short(at)),
            Self::Forward { from, at, commits } => {
                format!("moved from {} to {}: {commits} new", short(from), short(at))
            }
            Self::Rewound { from, at, lost } => format!(
                "REWOUND from {} to {}: {lost} lost, kept under refs/council/replaced",
                short(from),
                short(at)
            ),
            Self::Rewritten { from, at, lost } => format!(
                "REWRITTEN from {} to {}: {lost} lost, kept under refs/council/replaced",
                short(from),
                short(at)
            ),
        }
    }
}

impl Follower {
    /// Follows a branch of a remote in a directory that belongs to council alone.
    ///
    /// # Errors
    /// When the address is one that Git would run as a program.
    pub fn new(
        url: &str,
        branch: &str,
        directory: impl Into<PathBuf>,
        limits: Limits,
    ) -> Result<Self, Trouble> {
        // `ext::` runs a command, and what begins with a hyphen would be read as an option.
        let is_safe = |text: &str| !text.is_empty() && !text.starts_with('-');
        if !is_safe(url) || url.contains("::") || url.chars().any(char::is_control) {
            return Err(Trouble::Address(url.to_owned()));
        }
        if !is_safe(branch) || branch.contains("..") || branch.contains([':', ' ', '*']) {
            return Err(Trouble::NoBranch(branch.to_owned()));
        }
        let (url, branch) = (url.to_owned(), branch.to_owned());
        Ok(Self { url, branch, directory: directory.into(), limits })
    }

    /// Where the files are.
    pub fn directory(&self) -> &Path {
        &self.directory
    }

    /// The branch that is followed.
    pub fn branch(&self) -> &str {
        &self.branch
    }

    /// The same remote, to look at commits that are not followed, in a directory of their own.
    #[must_use]
    pub fn mirror(&self, directory: impl Into<PathBuf>) -> Mirror {
        Mirror::new(Self { directory: directory.into(), ..self.clone() })
    }

    /// Looks at the remote once, and moves the checkout to where the branch is.
    ///
    /// # Errors
    /// When it cannot; then the checkout is as it was.
    pub async fn turn(&self, now: Timestamp) -> Result<Move, Trouble> {
        self.prepare().await?;
        let before = self.ask(&["rev-parse", "--verify", "--quiet", "HEAD^{commit}"]).await?;
        let at = self.fetch().await?;
        self.limit(&at).await?;
        let moved = self.compare(before, at).await?;
        if let Move::Rewound { from, .. } | Move::Rewritten { from, .. } = &moved {
            let kept = format!("refs/council/replaced/{}-{from}", now.as_second());
            self.must(&["update-ref", &kept, from]).await?;
        }
        if let Move::Still { .. } = moved {
            // A turn that was killed half-way, or somebody's hand, is mended; unchanged files are not touched.
            self.must(&["reset", "--quiet", "--hard"]).await?;
        } else {
            self.must(&["checkout", "--quiet", "--force", "--detach", moved.at()]).await?;
        }
        Ok(moved)
    }

    async fn prepare(&self) -> Result<(), Trouble> {
        if self.directory.join(".git").is_dir() {
            // A lock that a killed Git left behind would stop all that follow; nobody else works here.
            std::fs::remove_file(self.directory.join(".git/index.lock")).ok();
            return Ok(());
        }
        std::fs::create_dir_all(&self.directory)
            .map_err(|error| Trouble::Broken(error.to_string()))?;
        self.must(&["init", "--quiet"]).await
    }

    /// Fetches the branch and returns its newest commit.
    async fn fetch(&self) -> Result<String, Trouble> {
        let source = format!("refs/heads/{}", self.branch);
        let spec = format!("+{source}:refs/council/followed");
        let fetch = ["fetch", "--quiet", "--no-tags", "--no-write-fetch-head"];
        let mut arguments = fetch.to_vec();
        arguments.extend(["--no-recurse-submodules", "--end-of-options", &self.url, &spec]);
        let output = self.run(&arguments).await?;
        if !output.status.success() {
            let said = words(&output.stderr, &self.url);
            // Git says so in these words in every language setting, which is `C` here.
            return Err(if said.contains("couldn't find remote ref") {
                Trouble::NoBranch(self.branch.clone())
            } else {
                Trouble::Unreachable(said)
            });
        }
        let at = self.ask(&["rev-parse", "--verify", "refs/council/followed^{commit}"]).await?;
        at.ok_or_else(|| Trouble::Broken("what was fetched is no commit".to_owned()))
    }

    /// Refuses what would fill the disk or take forever to read.
    async fn limit(&self, commit: &str) -> Result<(), Trouble> {
        let counted = self.ask(&["count-objects", "-v"]).await?.unwrap_or_default();
        let list = self.ask(&["ls-tree", "-r", "-l", "-z", "--full-tree", commit]).await?;
        self.limits.check(&counted, &list.unwrap_or_default()).map_err(Trouble::TooLarge)
    }

    async fn compare(&self, before: Option<String>, at: String) -> Result<Move, Trouble> {
        let Some(from) = before else { return Ok(Move::First { at }) };
        if from == at {
            return Ok(Move::Still { at });
        }
        let lost = self.count(&at, &from).await?;
        let commits = self.count(&from, &at).await?;
        Ok(match (lost, commits) {
            (0, _) => Move::Forward { from, at, commits },
            (_, 0) => Move::Rewound { from, at, lost },
            (_, _) => Move::Rewritten { from, at, lost },
        })
    }

    /// How many commits the one has that the other lacks.
    async fn count(&self, without: &str, of: &str) -> Result<u64, Trouble> {
        let range = format!("{without}..{of}");
        let count = self.ask(&["rev-list", "--count", &range, "--"]).await?;
        let count = count.and_then(|count| count.parse().ok());
        count.ok_or_else(|| Trouble::Broken("its history cannot be read".to_owned()))
    }

    /// Asks what may have no answer.
    async fn ask(&self, arguments: &[&str]) -> Result<Option<String>, Trouble> {
        let output = self.run(arguments).await?;
        let text = || String::from_utf8_lossy(&output.stdout).trim().to_owned();
        Ok(output.status.success().then(text))
    }

    /// Does what must work in a sound clone.
    async fn must(&self, arguments: &[&str]) -> Result<(), Trouble> {
        let output = self.run(arguments).await?;
        if output.status.success() {
            return Ok(());
        }
        Err(Trouble::Broken(words(&output.stderr, &self.url)))
    }

    async fn run(&self, arguments: &[&str]) -> Result<Output, Trouble> {
        self.run_with(arguments, &[]).await
    }

    async fn run_with(
        &self,
        arguments: &[&str],
        environment: &[(&str, &Path)],
    ) -> Result<Output, Trouble> {
        let mut command = Command::new("git");
        command.envs(environment.iter().copied());
        command
            .current_dir(&self.directory)
            .args(["-c", "core.hooksPath=/dev/null", "-c", "core.fsmonitor=false"])
            .args(["-c", "protocol.ext.allow=never", "-c", "gc.auto=0"])
            .args(["-c", "advice.detachedHead=false", "-c", "core.longPaths=true"])
            .args(arguments)
            // Nobody is there to answer a question, and words are compared.
            .env("GIT_TERMINAL_PROMPT", "0")
            .env("LC_ALL", "C")
            .stdin(Stdio::null())
            .kill_on_drop(true);
        let Limits { time, .. } = self.limits;
        match tokio::time::timeout(time, command.output()).await {
            Ok(Ok(output)) => Ok(output),
            Ok(Err(error)) => Err(Trouble::Broken(format!("Git could not be run: {error}"))),
            Err(_) => Err(Trouble::Slow(time.as_secs())),
        }
    }
}

/// What Git said, on one line, without what the address may carry as a password.
fn words(said: &[u8], url: &str) -> String {
    let said = String::from_utf8_lossy(said);
    let lines = said.lines().map(str::trim).filter(|line| !line.is_empty());
    let line = lines.collect::<Vec<_>>().join("; ");
    let line = match url.split_once("://").and_then(|(_, rest)| rest.split_once('@')) {
        Some((credentials, _)) => line.replace(&format!("{credentials}@"), ""),
        None => line,
    };
    line.chars().take(MOST_WORDS).collect()
}
