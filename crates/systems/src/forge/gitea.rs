//! Gitea and Forgejo, by their API v1, which is the same where it is used here.
//!
//! A token with `write:repository` and `write:issue`, of somebody who may write to the repository, is enough. Seen on the real
//! Gitea 1.27 and unlike GitHub: a page has 50 items at most; comments have no pages; a review that is dismissed keeps its
//! verdict beside a mark, and no webhook tells of it, so only the poll sees it; approvals of an older commit are dismissed a
//! moment after the push, not with it.

use gitops::pr::{Identity, Review, Verdict};
use reqwest::Method;
use serde::Deserialize;
use serde_json::json;

use super::http::{Call, Connection, ForgeError, PAGE, all};
use super::plain::{Posted, PullRequest, Stage, Status, StatusState, cut};

/// Longest description of a status; the column in their database has 255 characters.
const MOST_DESCRIPTION: usize = 255;

/// A repository on Gitea or Forgejo.
#[derive(Clone, Debug)]
pub struct Gitea {
    connection: Connection,
    /// `/repos/owner/name`.
    path: String,
    /// `gitea` or `forgejo`, as in people's handles.
    system: String,
}

#[derive(Deserialize)]
struct Pull {
    number: u64,
    #[serde(default)]
    title: String,
    #[serde(default)]
    body: String,
    #[serde(default)]
    state: String,
    #[serde(default)]
    merged: bool,
    #[serde(default)]
    draft: bool,
    merge_commit_sha: Option<String>,
    user: Option<User>,
    head: End,
    base: End,
}

#[derive(Deserialize)]
struct User {
    login: String,
}

#[derive(Deserialize)]
struct End {
    #[serde(rename = "ref")]
    branch: String,
    #[serde(default)]
    label: String,
    sha: String,
}

impl End {
    /// The branch's name. When it is gone, as after a merge, `ref` is the pull request's own, and only `label` knows it.
    fn name(self) -> String {
        let is_gone = self.branch.starts_with("refs/pull/") && !self.label.is_empty();
        if is_gone { self.label } else { self.branch }
    }
}

#[derive(Deserialize)]
struct Said {
    user: Option<User>,
    state: String,
    commit_id: Option<String>,
    #[serde(default)]
    dismissed: bool,
}

#[derive(Deserialize)]
struct Comment {
    id: u64,
    #[serde(default)]
    body: String,
}

impl Gitea {
    /// The repository `owner/name`; the API is `https://HOST/api/v1`.
    pub fn new(connection: Connection, project: &str, system: &str) -> Self {
        Self { connection, path: format!("/repos/{project}"), system: system.to_owned() }
    }

    /// `gitea` or `forgejo`.
    pub(super) fn system(&self) -> &str {
        &self.system
    }

    fn call(&self, method: Method, path: &str, doing: impl Into<String>) -> Call {
        self.connection
            .call(method, &format!("{}{path}", self.path), doing)
            .header("authorization", &format!("token {}", self.connection.token()))
    }

    /// Reads a pull request.
    pub(super) async fn pull_request(&self, number: u64) -> Result<PullRequest, ForgeError> {
        let doing = format!("to read pull request {number}");
        let pull: Pull = self.call(Method::GET, &format!("/pulls/{number}"), doing).read().await?;
        Ok(self.plain(pull))
    }

    /// Lists those that are open.
    pub(super) async fn open_requests(&self) -> Result<Vec<PullRequest>, ForgeError> {
        let path = format!("/pulls?state=open&limit={PAGE}");
        let doing = "to list the open pull requests";
        let pulls: Vec<Pull> = all(|_| self.call(Method::GET, &path, doing)).await?;
        Ok(pulls.into_iter().map(|pull| self.plain(pull)).collect())
    }

    fn plain(&self, pull: Pull) -> PullRequest {
        let stage = match (pull.merged, pull.state.as_str()) {
            (true, _) => Stage::Merged(pull.merge_commit_sha),
            (false, "closed") => Stage::Closed,
            (false, _) => Stage::Open,
        };
        PullRequest {
            number: pull.number,
            title: pull.title,
            description: pull.body,
            head: pull.head.sha.clone(),
            branch: pull.head.name(),
            base: pull.base.name(),
            author: pull.user.map(|user| Identity::on(&*self.system, user.login)),
            is_draft: pull.draft,
            stage,
        }
    }

    /// Reads the reviews, oldest first as they are listed.
    pub(super) async fn reviews(&self, number: u64) -> Result<Vec<Review>, ForgeError> {
        let path = format!("/pulls/{number}/reviews?limit={PAGE}");
        let doing = format!("to read the reviews of pull request {number}");
        let said: Vec<Said> = all(|_| self.call(Method::GET, &path, doing.clone())).await?;
        let review = |said: Said| {
            let verdict = match said.state.as_str() {
                _ if said.dismissed => Verdict::Dismissed,
                "APPROVED" => Verdict::Approved,
                "REQUEST_CHANGES" => Verdict::ChangesRequested,
                "COMMENT" => Verdict::Commented,
                _ => return None,
            };
            // A review by a team has no user.
            let by = Identity::on(&*self.system, said.user?.login);
            Some(Review { by, verdict, commit: said.commit_id })
        };
        Ok(said.into_iter().filter_map(review).collect())
    }

    /// Says how a commit stands.
    pub(super) async fn set_status(&self, commit: &str, status: &Status) -> Result<(), ForgeError> {
        let state = match status.state {
            StatusState::Pending => "pending",
            StatusState::Success => "success",
            StatusState::Failure => "failure",
            StatusState::Error => "error",
        };
        let mut body = json!({
            "state": state,
            "context": status.name,
            "description": cut(&status.description, MOST_DESCRIPTION),
        });
        if let Some(url) = &status.url {
            body["target_url"] = json!(url);
        }
        let path = format!("/statuses/{commit}");
        self.call(Method::POST, &path, "to set a commit's status").json(&body).done().await
    }

    /// Posts a comment, or replaces the one with the same marker. Their list of comments has no pages.
    pub(super) async fn comment(
        &self,
        number: u64,
        marker: &str,
        text: &str,
    ) -> Result<Posted, ForgeError> {
        let path = format!("/issues/{number}/comments");
        let there: Vec<Comment> = self.call(Method::GET, &path, "to read comments").read().await?;
        let body = json!({ "body": text });
        match there.iter().find(|one| one.body.starts_with(marker)) {
            Some(same) if same.body == text => Ok(Posted::Unchanged),
            Some(old) => {
                let path = format!("/issues/comments/{}", old.id);
                let call = self.call(Method::PATCH, &path, "to replace a comment");
                call.json(&body).done().await.map(|()| Posted::Replaced)
            }
            None => {
                let call = self.call(Method::POST, &path, "to post a comment");
                call.json(&body).done().await.map(|()| Posted::Made)
            }
        }
    }
}
