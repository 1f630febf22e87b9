//! GitHub, by its REST API of 2022-11-28.

use gitops::pr::{Identity, Review, Verdict};
use reqwest::Method;
use serde::Deserialize;
use serde_json::json;

use super::http::{Call, Connection, ForgeError, PAGE, all};
use super::plain::{Posted, PullRequest, Stage, Status, StatusState, cut};

/// Longest description of a status that GitHub takes.
const MOST_DESCRIPTION: usize = 140;

/// A repository on GitHub.
#[derive(Clone, Debug)]
pub struct GitHub {
    connection: Connection,
    /// `/repos/owner/name`.
    path: String,
}

#[derive(Deserialize)]
struct Pull {
    number: u64,
    title: String,
    body: Option<String>,
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
    sha: String,
}

#[derive(Deserialize)]
struct Said {
    user: Option<User>,
    state: String,
    commit_id: Option<String>,
}

#[derive(Deserialize)]
struct Comment {
    id: u64,
    body: Option<String>,
}

impl GitHub {
    /// The repository `owner/name`; the API is `https://api.github.com` or that of an enterprise server.
    pub fn new(connection: Connection, project: &str) -> Self {
        Self { connection, path: format!("/repos/{project}") }
    }

    fn call(&self, method: Method, path: &str, doing: impl Into<String>) -> Call {
        self.connection
            .call(method, &format!("{}{path}", self.path), doing)
            .header("authorization", &format!("Bearer {}", self.connection.token()))
            .header("accept", "application/vnd.github+json")
            .header("x-github-api-version", "2022-11-28")
            // GitHub refuses requests without one.
            .header("user-agent", "council")
    }

    /// Reads a pull request.
    pub(super) async fn pull_request(&self, number: u64) -> Result<PullRequest, ForgeError> {
        let doing = format!("to read pull request {number}");
        let pull: Pull = self.call(Method::GET, &format!("/pulls/{number}"), doing).read().await?;
        Ok(plain(pull))
    }

    /// Lists those that are open.
    pub(super) async fn open_requests(&self) -> Result<Vec<PullRequest>, ForgeError> {
        let path = format!("/pulls?state=open&per_page={PAGE}");
        let doing = "to list the open pull requests";
        let pulls: Vec<Pull> = all(|_| self.call(Method::GET, &path, doing)).await?;
        Ok(pulls.into_iter().map(plain).collect())
    }

    /// Reads the reviews, oldest first as GitHub lists them.
    pub(super) async fn reviews(&self, number: u64) -> Result<Vec<Review>, ForgeError> {
        let path = format!("/pulls/{number}/reviews?per_page={PAGE}");
        let doing = format!("to read the reviews of pull request {number}");
        let said: Vec<Said> = all(|_| self.call(Method::GET, &path, doing.clone())).await?;
        // A review by an account that was deleted is by nobody, and a pending one is not given yet.
        let review = |said: Said| {
            let verdict = match said.state.as_str() {
                "APPROVED" => Verdict::Approved,
                "CHANGES_REQUESTED" => Verdict::ChangesRequested,
                "DISMISSED" => Verdict::Dismissed,
                "COMMENTED" => Verdict::Commented,
                _ => return None,
            };
            let by = Identity::on("github", said.user?.login);
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

    /// Posts a comment, or replaces the one with the same marker.
    pub(super) async fn comment(
        &self,
        number: u64,
        marker: &str,
        text: &str,
    ) -> Result<Posted, ForgeError> {
        let path = format!("/issues/{number}/comments");
        let listed = format!("{path}?per_page={PAGE}");
        let there: Vec<Comment> =
            all(|_| self.call(Method::GET, &listed, "to read comments")).await?;
        let begins = |one: &&Comment| one.body.as_deref().is_some_and(|it| it.starts_with(marker));
        let body = json!({ "body": text });
        match there.iter().find(begins) {
            Some(same) if same.body.as_deref() == Some(text) => Ok(Posted::Unchanged),
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

fn plain(pull: Pull) -> PullRequest {
    let stage = match (pull.merged, pull.state.as_str()) {
        (true, _) => Stage::Merged(pull.merge_commit_sha),
        (false, "closed") => Stage::Closed,
        (false, _) => Stage::Open,
    };
    PullRequest {
        number: pull.number,
        title: pull.title,
        description: pull.body.unwrap_or_default(),
        branch: pull.head.branch,
        base: pull.base.branch,
        head: pull.head.sha,
        author: pull.user.map(|user| Identity::on("github", user.login)),
        is_draft: pull.draft,
        stage,
    }
}
