//! Forges: where pull requests live. Commit status, reviews, the comment that updates itself, and whether it was merged.
//!
//! One client a forge, each over the few calls that are needed, and [`Forge`] over all of them. Reviews come back as
//! the plain facts that `gitops::pr` judges; whether they count is not this room's question. [`webhook`] reads what
//! forges send by themselves; [`jenkins`] is no forge, but builds what they hold.
//!
//! Invariants: a call has a time-out, an answer a size, a list a number of pages; a token appears in no error.
//!
//! Absent on purpose: merging. People merge, or a forge's own rules do; the council says whether they may.

pub mod gitea;
pub mod github;
pub mod gitlab;
mod http;
pub mod jenkins;
mod plain;
#[cfg(test)]
mod tests;
pub mod webhook;

use gitops::pr::Review;

pub use gitea::Gitea;
pub use github::GitHub;
pub use gitlab::GitLab;
pub use http::{Connection, ForgeError};
pub use plain::{Posted, PullRequest, Stage, Status, StatusState};

/// A project on a forge.
#[derive(Clone, Debug)]
pub enum Forge {
    /// On GitHub.
    GitHub(GitHub),
    /// On GitLab.
    GitLab(GitLab),
    /// On Gitea or Forgejo, which answer alike.
    Gitea(Gitea),
}

impl Forge {
    /// A project by the name of its system, as in a person's `handles`; `None` for a system that is no forge.
    pub fn of(system: &str, connection: Connection, project: &str) -> Option<Self> {
        match system {
            "github" => Some(Self::GitHub(GitHub::new(connection, project))),
            "gitlab" => Some(Self::GitLab(GitLab::new(connection, project))),
            "gitea" | "forgejo" => Some(Self::Gitea(Gitea::new(connection, project, system))),
            _ => None,
        }
    }

    /// Reads a pull request.
    ///
    /// # Errors
    /// When the forge cannot be reached, refuses, or answers what nobody understands.
    pub async fn pull_request(&self, number: u64) -> Result<PullRequest, ForgeError> {
        match self {
            Self::GitHub(forge) => forge.pull_request(number).await,
            Self::GitLab(forge) => forge.pull_request(number).await,
            Self::Gitea(forge) => forge.pull_request(number).await,
        }
    }

    /// Lists the pull requests that are open, by number.
    ///
    /// # Errors
    /// As [`Forge::pull_request`].
    pub async fn open_requests(&self) -> Result<Vec<PullRequest>, ForgeError> {
        let mut open = match self {
            Self::GitHub(forge) => forge.open_requests().await,
            Self::GitLab(forge) => forge.open_requests().await,
            Self::Gitea(forge) => forge.open_requests().await,
        }?;
        open.sort_by_key(|request| request.number);
        Ok(open)
    }

    /// The ref under which its repository keeps the newest commit of a pull request.
    pub fn reference(&self, number: u64) -> String {
        match self {
            Self::GitHub(_) | Self::Gitea(_) => format!("refs/pull/{number}/head"),
            Self::GitLab(_) => format!("refs/merge-requests/{number}/head"),
        }
    }

    /// The name of its system, as in people's handles.
    pub fn system(&self) -> &str {
        match self {
            Self::GitHub(_) => "github",
            Self::GitLab(_) => "gitlab",
            Self::Gitea(forge) => forge.system(),
        }
    }

    /// Reads what reviewers said, oldest first.
    ///
    /// # Errors
    /// As [`Forge::pull_request`].
    pub async fn reviews(&self, number: u64) -> Result<Vec<Review>, ForgeError> {
        match self {
            Self::GitHub(forge) => forge.reviews(number).await,
            Self::GitLab(forge) => forge.reviews(number).await,
            Self::Gitea(forge) => forge.reviews(number).await,
        }
    }

    /// Says how a commit stands.
    ///
    /// # Errors
    /// As [`Forge::pull_request`].
    pub async fn set_status(&self, commit: &str, status: &Status) -> Result<(), ForgeError> {
        match self {
            Self::GitHub(forge) => forge.set_status(commit, status).await,
            Self::GitLab(forge) => forge.set_status(commit, status).await,
            Self::Gitea(forge) => forge.set_status(commit, status).await,
        }
    }

    /// Posts a comment, or replaces the one that begins with the same marker.
    ///
    /// # Errors
    /// As [`Forge::pull_request`].
    pub async fn comment(
        &self,
        number: u64,
        marker: &str,
        text: &str,
    ) -> Result<Posted, ForgeError> {
        match self {
            Self::GitHub(forge) => forge.comment(number, marker, text).await,
            Self::GitLab(forge) => forge.comment(number, marker, text).await,
            Self::Gitea(forge) => forge.comment(number, marker, text).await,
        }
    }
}
