//! `council pr check --post` against a forge on a free port: the status, the comment that is replaced, reviews read back.

use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

use crate::http::{Request, serve};
use crate::pr::{change, staffed};
use crate::support::{Run, Scratch};

/// What the forge keeps.
#[derive(Debug, Default)]
struct Kept {
    comments: Vec<String>,
    statuses: Vec<Value>,
    strange: Vec<String>,
}

/// Answers like GitHub, as far as a check asks.
fn answer(kept: &Mutex<Kept>, reviews: &Value, request: &Request) -> (u16, String) {
    let mut kept = kept.lock().unwrap();
    let path = request.path.strip_prefix("/repos/eustartup/playbook").unwrap_or(&request.path);
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    if !request.head.to_lowercase().contains("authorization: bearer t0ken") {
        kept.strange.push(format!("{path} without the token"));
    }
    let body: Value = serde_json::from_str(&request.body).unwrap_or_default();
    let text = || body["body"].as_str().unwrap_or_default().to_owned();
    let found = match (request.method.as_str(), path) {
        ("GET", _) if !query.ends_with("&page=1") => json!([]),
        ("GET", "/pulls/7/reviews") => reviews.clone(),
        ("GET", "/issues/7/comments") => {
            let comments = kept.comments.iter().enumerate();
            comments.map(|(id, body)| json!({"id": id, "body": body})).collect()
        }
        ("POST", "/issues/7/comments") => {
            let text = text();
            kept.comments.push(text);
            json!({})
        }
        ("PATCH", "/issues/comments/0") => {
            kept.comments[0] = text();
            json!({})
        }
        ("POST", path) if path.starts_with("/statuses/") => {
            kept.statuses.push(body);
            json!({})
        }
        (method, path) => {
            kept.strange.push(format!("{method} {path}"));
            return (404, String::new());
        }
    };
    (200, found.to_string())
}

fn post(scratch: &Scratch, api: &str, token: Option<&str>) -> Run {
    let event = json!({"pull_request": {
        "number": 7, "body": "## Description\nx\n## Risk\ny\n## Rollback\nz", "user": {"login": "madslindholm"},
        "head": {"ref": "feat/document-shorter", "sha": "HEAD"}, "base": {"ref": "main", "sha": "main"},
    }});
    let event = scratch.write("event.json", event.to_string());
    let mut command = scratch.command();
    command.env("GITHUB_EVENT_PATH", event);
    command.env("GITHUB_API_URL", api).env("GITHUB_REPOSITORY", "eustartup/playbook");
    command.envs(token.map(|token| ("COUNCIL_FORGE_TOKEN", token)));
    command.args(["--playbook", "playbook", "pr", "check", "--post"]);
    Run::of(&command.output().unwrap(), scratch.path())
}

#[test]
fn the_status_and_one_comment_are_left_on_the_forge() {
    let scratch = staffed();
    change(&scratch, "feat/document-shorter", "Say it shorter");
    let kept = Arc::new(Mutex::new(Kept::default()));
    let head = crate::support::try_git(scratch.path(), &["rev-parse", "HEAD"]).stdout;
    let head = String::from_utf8(head).unwrap().trim().to_owned();
    let review =
        |commit: &str| json!([{"user": {"login": "x"}, "state": "APPROVED", "commit_id": commit}]);
    let shared = kept.clone();
    let waits = serve(move |request| answer(&shared, &review("another"), request));
    let run = post(&scratch, &waits, Some("t0ken"));
    assert!(run.code == 3 && run.err.contains("the comment was posted"), "{run:?}");
    let again = post(&scratch, &waits, Some("t0ken"));
    assert!(again.err.contains("the comment says the same already"), "{again:?}");
    {
        let kept = kept.lock().unwrap();
        assert_eq!(kept.strange, Vec::<String>::new());
        assert_eq!(kept.comments.len(), 1, "{kept:#?}");
        assert_eq!(kept.statuses[0]["state"], "pending");
        assert_eq!(kept.statuses[0]["context"], "council/pr");
        assert!(kept.comments[0].contains("Plan"), "{kept:#?}");
    }
    // One of the three seats approves the newest commit on the forge.
    let shared = kept.clone();
    let approved =
        json!([{"user": {"login": "anaferreira"}, "state": "APPROVED", "commit_id": head}]);
    let passes = serve(move |request| answer(&shared, &approved, request));
    let run = post(&scratch, &passes, Some("t0ken"));
    assert!(run.code == 0 && run.err.contains("the comment was replaced"), "{run:?}");
    let kept = kept.lock().unwrap();
    assert_eq!(kept.statuses.last().unwrap()["state"], "success", "{kept:#?}");
    assert_eq!(kept.comments.len(), 1);
}

#[test]
fn posting_without_a_token_or_to_a_forge_that_refuses_is_said() {
    let scratch = staffed();
    change(&scratch, "feat/document-shorter", "Say it shorter");
    let none = post(&scratch, "http://127.0.0.1:1", None);
    assert!(none.code == 2 && none.err.contains("COUNCIL_FORGE_TOKEN"), "{none:?}");
    let refuses = serve(|_| (403, r#"{"message": "token does not have the scope"}"#.to_owned()));
    let run = post(&scratch, &refuses, Some("t0ken"));
    assert!(run.code == 1 && run.err.contains("token does not have the scope"), "{run:?}");
    assert!(!run.err.contains("t0ken"), "{run:?}");
}
