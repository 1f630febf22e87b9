//! Following a remote: a real repository that moves, breaks, is rewritten and vanishes, and the webhooks that tell.

use std::path::{Path, PathBuf};
use std::process::Command;

use hmac::{Hmac, KeyInit as _, Mac as _};
use reqwest::StatusCode;
use serde_json::Value;
use server::RemoteConfig;
use sha2::Sha256;
use systems::git::{Follower, Limits};

use crate::support::{COUNCIL, Key, World, write};

const SECRET: &str = "a secret of some length";

/// A server whose playbook is the checkout of a repository beside it.
struct Following {
    world: World,
    remote: tempfile::TempDir,
}

#[track_caller]
pub(crate) fn git(directory: &Path, arguments: &[&str]) -> String {
    let output = Command::new("git")
        .current_dir(directory)
        .args(arguments)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .envs([("GIT_AUTHOR_NAME", "A"), ("GIT_AUTHOR_EMAIL", "a@example.org")])
        .envs([("GIT_COMMITTER_NAME", "A"), ("GIT_COMMITTER_EMAIL", "a@example.org")])
        .output()
        .expect("git runs");
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

impl Following {
    async fn start() -> Self {
        let remote = tempfile::tempdir().expect("a directory");
        let repository = remote.path().join("playbook.git");
        std::fs::create_dir(&repository).expect("a directory");
        git(&repository, &["init", "--quiet", "--initial-branch=main"]);
        commit(&repository, "council.yaml", COUNCIL);
        let clone = remote.path().join("clone");
        let url = repository.to_str().expect("a path");
        let follower = Follower::new(url, "main", &clone, Limits::default()).expect("a follower");
        follower.turn(jiff::Timestamp::now()).await.expect("a first turn");
        let world = World::configured(&[], |config| {
            config.playbook.clone_from(&clone);
            config.remote = RemoteConfig {
                follower: Some(follower),
                webhook_secrets: [("github".to_owned(), SECRET.into())].into(),
                ..RemoteConfig::default()
            };
        })
        .await;
        Self { world, remote }
    }

    fn repository(&self) -> PathBuf {
        self.remote.path().join("playbook.git")
    }

    /// Sends a webhook of GitHub about a push.
    async fn push_hook(&self, id: &str, secret: &str) -> (StatusCode, Value) {
        let body = r#"{"ref": "refs/heads/main", "after": "aa"}"#;
        let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("a key");
        mac.update(body.as_bytes());
        let digest = mac.finalize().into_bytes();
        let hex: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
        let url = self.world.url("/api/v1/webhooks/github");
        let request = self.world.client.post(url).body(body);
        let request = request.header("x-hub-signature-256", format!("sha256={hex}"));
        let request = request.header("x-github-event", "push").header("x-github-delivery", id);
        let answer = request.send().await.expect("an answer");
        (answer.status(), answer.json().await.unwrap_or_default())
    }

    /// Reads an address again and again until the answer is as it should be.
    async fn until(&self, path: &str, is_right: impl Fn(&Value) -> bool) -> Value {
        let key = self.world.token("ana", &["read"]);
        loop {
            let answer: Value = self.world.get(path, &key).await.json().await.expect("JSON");
            if is_right(&answer) {
                return answer;
            }
            self.world.running.state.board().nudge("follow");
            tokio::task::yield_now().await;
        }
    }
}

fn commit(repository: &Path, file: &str, text: &str) {
    write(&repository.join(file), text);
    git(repository, &["add", "--all"]);
    git(repository, &["commit", "--quiet", "-m", "A change"]);
}

fn titled(title: &str) -> String {
    COUNCIL.replace("title: Example", &format!("title: {title}"))
}

#[tokio::test]
async fn a_signed_webhook_makes_the_new_commit_current() {
    let following = Following::start().await;
    commit(&following.repository(), "council.yaml", &titled("Changed"));
    let (status, _) = following.push_hook("d-1", SECRET).await;
    assert_eq!(status, StatusCode::ACCEPTED);
    let key = following.world.token("ana", &["read"]);
    // No nudge of ours: the webhook alone must do it.
    loop {
        let found = following.world.read("/api/v1/organization", &key).await;
        if found["title"] == "Changed" {
            break;
        }
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn forged_and_replayed_webhooks_are_refused() {
    let following = Following::start().await;
    let (status, problem) = following.push_hook("d-1", "another secret").await;
    assert_eq!((status.as_u16(), &problem["code"]), (401, &"webhook-forged".into()), "{problem}");
    assert_eq!(following.push_hook("d-1", SECRET).await.0, StatusCode::ACCEPTED);
    let (status, problem) = following.push_hook("d-1", SECRET).await;
    assert_eq!((status.as_u16(), &problem["code"]), (409, &"webhook-replayed".into()), "{problem}");
    let unknown = following.world.post("/api/v1/webhooks/gitlab", &Key::Nothing, Value::Null).await;
    assert_eq!(unknown.status(), 404, "no secret of it was told");
}

#[tokio::test]
async fn a_broken_commit_keeps_the_last_good_revision() {
    let following = Following::start().await;
    let broken = COUNCIL.replace("currency: EUR", "currency: [EUR]");
    commit(&following.repository(), "council.yaml", &broken);
    let held = following.until("/api/v1/diagnostics", |found| !found["held_back"].is_null()).await;
    assert_eq!(held["errors"], 0, "the current one has none");
    commit(&following.repository(), "council.yaml", &titled("Mended"));
    following.until("/api/v1/organization", |found| found["title"] == "Mended").await;
}

#[tokio::test]
async fn a_rewritten_history_and_a_vanished_remote_are_said_loudly() {
    let following = Following::start().await;
    commit(&following.repository(), "council.yaml", &titled("Two"));
    following.until("/api/v1/organization", |found| found["title"] == "Two").await;
    git(&following.repository(), &["reset", "--quiet", "--hard", "HEAD~1"]);
    following.until("/api/v1/organization", |found| found["title"] == "Example").await;
    let says =
        |words: &'static str| move |found: &Value| found["notes"].to_string().contains(words);
    following.until("/readyz", says("REWOUND")).await;
    let key = following.world.sign_in_as("ana").await;
    let page = crate::pages::page(&following.world, "/", &key).await;
    assert!(page.contains("REWOUND"), "every page says so: {page}");

    let away = following.remote.path().join("away");
    std::fs::rename(following.repository(), &away).expect("it moves");
    following.until("/readyz", says("cannot be followed since")).await;
    let found = following.until("/api/v1/diagnostics", |found| !found["remote"].is_null()).await;
    assert!(found["remote"].to_string().contains("cannot be followed since"), "{found}");
    let key = following.world.token("ana", &["read"]);
    let found = following.world.read("/api/v1/organization", &key).await;
    assert_eq!(found["title"], "Example", "the last good one stays");
    std::fs::rename(away, following.repository()).expect("it comes back");
    following.until("/readyz", says("REWOUND")).await;
}
