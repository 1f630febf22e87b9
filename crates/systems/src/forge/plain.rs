//! What all forges know, in one shape.

use gitops::pr::Identity;
use serde::Serialize;

/// A pull request, or what a forge calls it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PullRequest {
    /// Its number in the project.
    pub number: u64,
    /// Its title.
    pub title: String,
    /// Its description.
    pub description: String,
    /// The branch to merge.
    pub branch: String,
    /// The branch that it would be merged into.
    pub base: String,
    /// The newest commit.
    pub head: String,
    /// Who opened it.
    pub author: Option<Identity>,
    /// Whether its author still works on it, and asks nobody yet.
    pub is_draft: bool,
    /// How far it is.
    pub stage: Stage,
}

/// How far a pull request is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// Not decided yet.
    Open,
    /// Given up.
    Closed,
    /// Merged, by this commit where the forge says so.
    Merged(Option<String>),
}

/// How a commit stands, as a forge shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Status {
    /// The state.
    pub state: StatusState,
    /// Who says it, such as `council/pr`: a second status of the same name replaces the first.
    pub name: String,
    /// In a few words; cut to what the forge takes.
    pub description: String,
    /// Where to read more.
    pub url: Option<String>,
}

/// The state of a commit's status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StatusState {
    /// Somebody must act, or something still runs.
    Pending,
    /// It may be merged.
    Success,
    /// It may not.
    Failure,
    /// It could not be found out.
    Error,
}

/// What became of a comment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Posted {
    /// There was none; now there is one.
    Made,
    /// The text of the one that was there was replaced.
    Replaced,
    /// It said the same already.
    Unchanged,
}

/// Cuts a text to a number of characters, with an ellipsis where something is missing.
pub(super) fn cut(text: &str, characters: usize) -> String {
    if text.chars().count() <= characters {
        return text.to_owned();
    }
    let kept: String = text.chars().take(characters.saturating_sub(1)).collect();
    kept + "…"
}
