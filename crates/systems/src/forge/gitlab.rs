//! GitLab, by its REST API v4.
//!
//! An approval on GitLab names no commit. It counts for the commit that was newest when it was given, which the
//! versions of the merge request tell; an approval without a time counts for no commit in particular, and the project's
//! setting "remove all approvals when commits are added" then decides.

use gitops::pr::{Identity, Review, Verdict};
use jiff::Timestamp;
use reqwest::Method;
use serde::Deserialize;
use serde_json::json;

use super::http::{Call, Connection, ForgeError, PAGE, all};
use super::plain::{Posted, PullRequest, Stage, Status, StatusState, cut};

/// Longest description of a status that GitLab takes.
const MOST_DESCRIPTION: usize = 255;

/// A project on GitLab.
#[derive(Clone, Debug)]
pub struct GitLab {
    connection: Connection,
    /// `/projects/group%2Fname`.
    path: String,
}

#[derive(Deserialize)]
struct MergeRequest {
    iid: u64,
    title: String,
    description: Option<String>,
    state: String,
    source_branch: String,
    target_branch: String,
    sha: String,
    author: Option<User>,
    merge_commit_sha: Option<String>,
    #[serde(default)]
    squash_commit_sha: Option<String>,
    #[serde(default)]
    draft: bool,
}

#[derive(Deserialize)]
struct User {
    username: String,
}

#[derive(Deserialize)]
struct Approvals {
    #[serde(default)]
    approved_by: Vec<Approval>,
}

#[derive(Deserialize)]
struct Approval {
    user: User,
    #[serde(default)]
    approved_at: Option<Timestamp>,
}

#[derive(Deserialize)]
struct Reviewer {
    user: User,
    state: String,
}

#[derive(Deserialize)]
struct Version {
    head_commit_sha: String,
    created_at: Timestamp,
}

#[derive(Deserialize)]
struct Note {
    id: u64,
    body: String,
}

impl GitLab {
    /// The project `group/name`; the API is `https://HOST/api/v4`.
    pub fn new(connection: Connection, project: &str) -> Self {
        Self { connection, path: format!("/projects/{}", project.replace('/', "%2F")) }
    }

    fn call(&self, method: Method, path: &str, doing: impl Into<String>) -> Call {
        self.connection
            .call(method, &format!("{}{path}", self.path), doing)
            .header("private-token", self.connection.token())
    }

    /// Reads a merge request.
    pub(super) async fn pull_request(&self, number: u64) -> Result<PullRequest, ForgeError> {
        let doing = format!("to read merge request {number}");
        let path = format!("/merge_requests/{number}");
        let found: MergeRequest = self.call(Method::GET, &path, doing).read().await?;
        Ok(plain(found))
    }

    /// Lists those that are open.
    pub(super) async fn open_requests(&self) -> Result<Vec<PullRequest>, ForgeError> {
        let path = format!("/merge_requests?state=opened&per_page={PAGE}");
        let doing = "to list the open merge requests";
        let found: Vec<MergeRequest> = all(|_| self.call(Method::GET, &path, doing)).await?;
        Ok(found.into_iter().map(plain).collect())
    }

    /// Reads who approved, and who asks for changes.
    pub(super) async fn reviews(&self, number: u64) -> Result<Vec<Review>, ForgeError> {
        let path = format!("/merge_requests/{number}");
        let read = |what: &str| {
            let doing = format!("to read the {what} of merge request {number}");
            self.call(Method::GET, &format!("{path}/{what}"), doing)
        };
        let approvals: Approvals = read("approvals").read().await?;
        let reviewers: Vec<Reviewer> = read("reviewers").read().await?;
        let versions: Vec<Version> = read("versions").read().await?;
        let newest_at = |at: Timestamp| {
            let before = versions.iter().filter(|version| version.created_at <= at);
            before.max_by_key(|version| version.created_at).map(|it| it.head_commit_sha.clone())
        };
        let approved = approvals.approved_by.into_iter().map(|approval| Review {
            by: Identity::on("gitlab", approval.user.username),
            verdict: Verdict::Approved,
            commit: approval.approved_at.and_then(newest_at),
        });
        let asks = reviewers.into_iter().filter(|one| one.state == "requested_changes");
        let refused = asks.map(|one| Review {
            by: Identity::on("gitlab", one.user.username),
            verdict: Verdict::ChangesRequested,
            commit: None,
        });
        Ok(approved.chain(refused).collect())
    }

    /// Says how a commit stands.
    pub(super) async fn set_status(&self, commit: &str, status: &Status) -> Result<(), ForgeError> {
        let state = match status.state {
            StatusState::Pending => "pending",
            StatusState::Success => "success",
            StatusState::Failure | StatusState::Error => "failed",
        };
        let description = cut(&status.description, MOST_DESCRIPTION);
        let mut query =
            vec![("state", state), ("name", &*status.name), ("description", &*description)];
        query.extend(status.url.as_deref().map(|url| ("target_url", url)));
        let path = format!("/statuses/{commit}");
        self.call(Method::POST, &path, "to set a commit's status").query(&query).done().await
    }

    /// Posts a note, or replaces the one with the same marker.
    pub(super) async fn comment(
        &self,
        number: u64,
        marker: &str,
        text: &str,
    ) -> Result<Posted, ForgeError> {
        let path = format!("/merge_requests/{number}/notes");
        let listed = format!("{path}?per_page={PAGE}");
        let there: Vec<Note> = all(|_| self.call(Method::GET, &listed, "to read notes")).await?;
        let body = json!({ "body": text });
        match there.iter().find(|one| one.body.starts_with(marker)) {
            Some(same) if same.body == text => Ok(Posted::Unchanged),
            Some(old) => {
                let path = format!("{path}/{}", old.id);
                let call = self.call(Method::PUT, &path, "to replace a note");
                call.json(&body).done().await.map(|()| Posted::Replaced)
            }
            None => {
                let call = self.call(Method::POST, &path, "to post a note");
                call.json(&body).done().await.map(|()| Posted::Made)
            }
        }
    }
}

fn plain(found: MergeRequest) -> PullRequest {
    let stage = match found.state.as_str() {
        "merged" => Stage::Merged(found.merge_commit_sha.or(found.squash_commit_sha)),
        "closed" => Stage::Closed,
        _ => Stage::Open,
    };
    PullRequest {
        number: found.iid,
        title: found.title,
        description: found.description.unwrap_or_default(),
        branch: found.source_branch,
        base: found.target_branch,
        head: found.sha,
        author: found.author.map(|user| Identity::on("gitlab", user.username)),
        is_draft: found.draft,
        stage,
    }
}
