//! A forge on a free port: answers the few calls, keeps comments, and writes down everything that the vendor's
//! description does not allow.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use serde_json::{Value, json};

/// By whose description requests are checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rules {
    GitHub,
    GitLab,
    Gitea,
}

impl Rules {
    pub(super) const ALL: [(Self, &'static str); 4] = [
        (Self::GitHub, "github"),
        (Self::GitLab, "gitlab"),
        (Self::Gitea, "gitea"),
        (Self::Gitea, "forgejo"),
    ];

    /// The vendor's description, where the folder of published interface facts is at hand.
    fn published(self) -> Option<Value> {
        let file = match self {
            Self::GitHub => "github/github-rest-subset.openapi.json",
            Self::Gitea => "forgejo/forgejo-swagger-v1.json",
            Self::GitLab => return None,
        };
        let path = format!("{}/../../../shared/specs/{file}", env!("CARGO_MANIFEST_DIR"));
        serde_json::from_slice(&std::fs::read(path).ok()?).ok()
    }

    fn authorization(self) -> (&'static str, &'static str) {
        match self {
            Self::GitHub => ("authorization", "Bearer t0ken"),
            Self::GitLab => ("private-token", "t0ken"),
            Self::Gitea => ("authorization", "token t0ken"),
        }
    }
}

#[derive(Debug, Default)]
struct Memory {
    comments: Vec<String>,
    requests: Vec<String>,
    complaints: Vec<String>,
    failure: Option<(u16, String)>,
}

/// The forge.
#[derive(Clone, Debug)]
pub(super) struct Fake {
    pub(super) url: String,
    rules: Rules,
    published: Arc<Option<Value>>,
    memory: Arc<Mutex<Memory>>,
}

impl Fake {
    pub(super) async fn start(rules: Rules) -> Self {
        let published = rules.published();
        if published.is_none() && rules != Rules::GitLab {
            println!("the published description is not at hand; bodies are not checked");
        }
        let mut fake = Self { published: Arc::new(published), ..Self::nowhere() };
        fake.rules = rules;
        fake.memory().comments.push("Looks fine to me".to_owned());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        fake.url = format!("http://{}", listener.local_addr().expect("an address"));
        let router = Router::new().fallback(answer).with_state(fake.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        fake
    }

    /// An address where nobody listens: a port that needs a privilege, and is no server's.
    pub(super) fn nowhere() -> Self {
        let url = "http://127.0.0.1:1".to_owned();
        Self { url, rules: Rules::GitHub, published: Arc::default(), memory: Arc::default() }
    }

    pub(super) fn fail_with(&self, status: u16, text: &str) {
        self.memory().failure = Some((status, text.to_owned()));
    }

    #[track_caller]
    pub(super) fn complains_about_nothing(&self) {
        let complaints = &self.memory().complaints;
        assert!(complaints.is_empty(), "{:?}: {complaints:#?}", self.rules);
    }

    /// The request to an address that ends so: path, query and body.
    pub(super) fn sent(&self, end: &str) -> String {
        let memory = self.memory();
        memory.requests.iter().find(|one| one.contains(end)).cloned().unwrap_or_default()
    }

    pub(super) fn comments(&self) -> Vec<String> {
        self.memory().comments.clone()
    }

    fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn complain(&self, words: String) {
        self.memory().complaints.push(words);
    }

    /// Compares with the vendor's description: the address and method exist, and the body is as described.
    fn check(&self, method: &str, path: &str, body: &Value) {
        let Some(published) = self.published.as_ref() else { return };
        let path = path.strip_prefix("/api/v1").unwrap_or(path);
        let fits = |template: &str| {
            let (left, right) = (template.split('/'), path.split('/'));
            left.clone().count() == right.clone().count()
                && left.zip(right).all(|(left, right)| left == right || left.starts_with('{'))
        };
        let paths = published["paths"].as_object().expect("paths");
        let operation =
            paths.iter().find_map(|(template, item)| fits(template).then(|| item.get(method))?);
        let Some(operation) = operation else {
            // The subset of GitHub's description has comments by their issue, and not by their own number.
            if self.rules == Rules::GitHub && path.contains("/issues/comments/") {
                return;
            }
            return self.complain(format!("{method} {path} is not described"));
        };
        let of_openapi = &operation["requestBody"]["content"]["application/json"]["schema"];
        let of_swagger = operation["parameters"]
            .as_array()
            .and_then(|all| all.iter().find(|one| one["in"] == "body"))
            .map(|parameter| &parameter["schema"]);
        let schema = if of_openapi.is_null() { of_swagger } else { Some(of_openapi) };
        let Some(schema) = schema else { return };
        let mut whole = json!({ "allOf": [schema] });
        for shared in ["components", "definitions"] {
            if !published[shared].is_null() {
                whole[shared] = published[shared].clone();
            }
        }
        match jsonschema::validator_for(&whole) {
            Ok(validator) => {
                for error in validator.iter_errors(body) {
                    self.complain(format!("{method} {path}: {error}"));
                }
            }
            Err(error) => self.complain(format!("{method} {path}: no schema: {error}")),
        }
    }
}

async fn answer(State(fake): State<Fake>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let body = axum::body::to_bytes(body, 1 << 20).await.unwrap_or_else(|_| Bytes::new());
    if let Some((status, text)) = fake.memory().failure.clone() {
        let status = StatusCode::from_u16(status).expect("a status");
        return (status, text).into_response();
    }
    let (method, path) = (parts.method.as_str().to_lowercase(), parts.uri.path());
    let query = parts.uri.query().unwrap_or_default();
    let text = String::from_utf8_lossy(&body);
    fake.memory().requests.push(format!("{method} {path}?{query} {text}"));
    let (name, expected) = fake.rules.authorization();
    if parts.headers.get(name).is_none_or(|value| value != expected) {
        fake.complain(format!("{method} {path}: not authorized"));
    }
    let body: Value = serde_json::from_slice(&body).unwrap_or_default();
    fake.check(&method, path, &body);
    let page = query.split('&').find_map(|pair| pair.strip_prefix("page=")?.parse().ok());
    match (page, respond(&fake, &method, path, &body)) {
        (Some(page), Some(Value::Array(items))) => page_of(fake.rules, &items, page),
        (None | Some(1), Some(value)) => axum::Json(value).into_response(),
        (_, Some(_)) => axum::Json(json!([])).into_response(),
        (_, None) => StatusCode::NOT_FOUND.into_response(),
    }
}

/// A page of a list. Gitea gives no more than its own limit, whatever was asked for, and says how many there are; here the
/// limit is one. With the others everything is on the first page.
fn page_of(rules: Rules, items: &[Value], page: usize) -> Response {
    let size = if rules == Rules::Gitea { 1 } else { items.len().max(1) };
    let found = items.chunks(size).nth(page.saturating_sub(1)).unwrap_or_default();
    let mut response = axum::Json(found.to_vec()).into_response();
    if rules == Rules::Gitea {
        response.headers_mut().insert("x-total-count", items.len().into());
    }
    response
}

fn respond(fake: &Fake, method: &str, path: &str, body: &Value) -> Option<Value> {
    let is = |verb: &str, end: &str| method == verb && path.ends_with(end);
    let list = || {
        let memory = fake.memory();
        let comments = memory.comments.iter().enumerate();
        comments.map(|(id, body)| json!({ "id": id, "body": body })).collect::<Value>()
    };
    let text = body["body"].as_str().unwrap_or_default().to_owned();
    Some(match (fake.rules, method) {
        (Rules::GitHub | Rules::Gitea, _) if is("get", "/repos/acme/infra/pulls/7") => {
            // Gitea's answer when the branch was deleted by the merge.
            let head = match fake.rules {
                Rules::Gitea => ("refs/pull/7/head", "feat/network-mtu"),
                Rules::GitHub | Rules::GitLab => ("feat/network-mtu", "acme:feat/network-mtu"),
            };
            json!({
                "number": 7, "title": "Raise the MTU", "body": "## Risk\nNone.", "state": "closed",
                "merged": true, "merge_commit_sha": "def", "user": {"login": "eve"},
                "head": {"ref": head.0, "label": head.1, "sha": "abc"},
                "base": {"ref": "main", "label": "main", "sha": "000"},
            })
        }
        (Rules::GitLab, _) if is("get", "/projects/acme%2Finfra/merge_requests/7") => json!({
            "iid": 7, "title": "Raise the MTU", "description": "## Risk\nNone.", "state": "merged",
            "merge_commit_sha": "def", "sha": "abc", "source_branch": "feat/network-mtu",
            "target_branch": "main", "author": {"username": "eve"},
        }),
        (Rules::GitHub | Rules::Gitea, _) if is("get", "/repos/acme/infra/pulls") => open_pulls(),
        (Rules::GitLab, _) if is("get", "/projects/acme%2Finfra/merge_requests") => open_requests(),
        (Rules::GitHub, _) if is("get", "/pulls/7/reviews") => json!([
            {"user": {"login": "ana"}, "state": "APPROVED", "commit_id": "abc"},
            {"user": {"login": "ben"}, "state": "CHANGES_REQUESTED", "commit_id": "abc"},
            {"user": {"login": "pending"}, "state": "PENDING", "commit_id": "abc"},
            {"user": null, "state": "APPROVED", "commit_id": "abc"},
        ]),
        (Rules::Gitea, _) if is("get", "/pulls/7/reviews") => json!([
            {"user": {"login": "ana"}, "state": "APPROVED", "commit_id": "abc", "dismissed": false},
            {"user": {"login": "ben"}, "state": "REQUEST_CHANGES", "commit_id": "abc"},
            {"user": {"login": "pending"}, "state": "REQUEST_REVIEW", "commit_id": ""},
            {"user": null, "team": {"name": "x"}, "state": "APPROVED", "commit_id": "abc"},
        ]),
        (Rules::GitLab, _) if is("get", "/approvals") => json!({"approved_by": [
            {"user": {"username": "ana"}, "approved_at": "2026-11-22T12:30:00Z"},
        ]}),
        (Rules::GitLab, _) if is("get", "/reviewers") => json!([
            {"user": {"username": "ben"}, "state": "requested_changes"},
            {"user": {"username": "pending"}, "state": "unreviewed"},
        ]),
        (Rules::GitLab, _) if is("get", "/versions") => json!([
            {"head_commit_sha": "later", "created_at": "2026-11-22T13:00:00Z"},
            {"head_commit_sha": "abc", "created_at": "2026-11-22T12:00:00Z"},
        ]),
        (_, "post") if path.ends_with("/statuses/abc") => json!({}),
        (Rules::GitHub | Rules::Gitea, "get") if path.ends_with("/issues/7/comments") => list(),
        (Rules::GitLab, "get") if path.ends_with("/merge_requests/7/notes") => list(),
        (_, "post") if path.ends_with("/7/comments") || path.ends_with("/7/notes") => {
            fake.memory().comments.push(text);
            json!({})
        }
        (_, "patch" | "put") if path.contains("comments/") || path.contains("notes/") => {
            let id: usize = path.rsplit('/').next()?.parse().ok()?;
            *fake.memory().comments.get_mut(id)? = text;
            json!({})
        }
        _ => return None,
    })
}

/// Two open pull requests, the newer one first, as GitHub, Gitea and Forgejo list them.
fn open_pulls() -> Value {
    let pull = |number: u64| {
        json!({
            "number": number, "title": "x", "body": "", "state": "open", "draft": number == 8,
            "user": {"login": "eve"}, "head": {"ref": "feat/a-b", "sha": "abc"},
            "base": {"ref": "main", "sha": "000"},
        })
    };
    json!([pull(8), pull(7)])
}

/// The same as GitLab lists them.
fn open_requests() -> Value {
    let request = |number: u64| {
        json!({
            "iid": number, "title": "x", "description": "", "state": "opened", "draft": number == 8,
            "sha": "abc", "source_branch": "feat/a-b", "target_branch": "main",
            "author": {"username": "eve"},
        })
    };
    json!([request(8), request(7)])
}
