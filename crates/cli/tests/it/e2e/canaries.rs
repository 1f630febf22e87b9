//! Secrets stay where they belong: what lets somebody in is searched for in everything that the server wrote.
//!
//! No browser: a client signs in, makes a token, reads, writes and errs, with logs at their most talkative. Then the logs
//! of both formats, every answer and every file of the data directory are searched for the secrets.

use std::fs::File;
use std::path::Path;
use std::process::Stdio;

use reqwest::{Client, Method, Response};
use serde_json::{Value, json};

use super::stage::{Council, PAGES};

/// A secret by what it is.
type Canary = (&'static str, String);

/// A client that remembers all answers.
struct Witness {
    client: Client,
    origin: String,
    answers: Vec<(String, String)>,
}

impl Witness {
    async fn ask(&mut self, request: reqwest::RequestBuilder, what: &str) -> (Response, String) {
        let mut answer = request.send().await.unwrap();
        let mut text = format!("{:?}", answer.headers());
        let mut body = String::new();
        while let Some(chunk) = answer.chunk().await.unwrap() {
            body.push_str(&String::from_utf8_lossy(&chunk));
        }
        text.push_str(&body);
        self.answers.push((what.to_owned(), text));
        (answer, body)
    }

    fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        self.client.request(method, format!("{}{path}", self.origin))
    }
}

/// Does what people and programs do, and says which secrets took part. The answers in which a secret is handed over are
/// not kept.
async fn live(council: &Council, witness: &mut Witness) -> Vec<Canary> {
    let link = council.sign_in.rsplit('/').next().unwrap().to_owned();
    let unused = council.link("ana").rsplit('/').next().unwrap().to_owned();
    let sign_in = witness
        .request(Method::POST, "/api/v1/sessions")
        .json(&json!({"link": link, "person": "ana"}))
        .send()
        .await
        .unwrap();
    assert_eq!(sign_in.status(), 201);
    let cookie =
        sign_in.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
    let session = cookie.split_once('=').unwrap().1.to_owned();
    let asked = json!({"name": "canary", "scopes": ["read", "record"], "days": 1});
    let made =
        witness.request(Method::POST, "/api/v1/tokens").header("cookie", &cookie).json(&asked);
    let made: Value =
        made.header("idempotency-key", "canary").send().await.unwrap().json().await.unwrap();
    let token = made["token"].as_str().unwrap().to_owned();

    let again =
        witness.request(Method::POST, "/api/v1/tokens").header("cookie", &cookie).json(&asked);
    witness.ask(again.header("idempotency-key", "canary"), "the token again").await;
    let used = witness.request(Method::POST, "/api/v1/sessions");
    witness.ask(used.json(&json!({"link": link, "person": "ana"})), "the link again").await;
    witness.ask(witness.request(Method::GET, &format!("/sign-in/{link}")), "the used link").await;
    // The answer may repeat the address to whoever sent it; the log may not.
    let lost = witness.request(Method::GET, &format!("/api/v1/{token}")).send().await.unwrap();
    assert_eq!(lost.status(), 404);
    for page in PAGES {
        witness.ask(witness.request(Method::GET, page).header("cookie", &cookie), page).await;
    }
    for path in ["me", "sessions", "tokens", "today", "workers", "ledger/entries", "openapi.json"] {
        let request = witness.request(Method::GET, &format!("/api/v1/{path}")).bearer_auth(&token);
        witness.ask(request, path).await;
    }
    let feedback = witness.request(Method::POST, "/api/v1/feedback").bearer_auth(&token);
    let (given, _) = witness.ask(feedback.json(&json!({"text": "Good."})), "feedback").await;
    assert_eq!(given.status(), 201);
    let denied = witness.request(Method::POST, "/api/v1/ledger/checkpoints").bearer_auth(&token);
    let (denied, _) = witness.ask(denied, "a denial").await;
    assert_eq!(denied.status(), 403);
    vec![("session", session), ("token", token), ("used link", link), ("unused link", unused)]
}

#[track_caller]
fn search(place: &str, bytes: &[u8], canaries: &[Canary]) {
    for (what, secret) in canaries {
        assert!(secret.len() > 20, "the {what} is a secret");
        let found = bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
        assert!(!found, "{place} holds the {what}");
    }
}

fn search_files(directory: &Path, canaries: &[Canary]) -> usize {
    let mut files = 0;
    for entry in std::fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files += search_files(&path, canaries);
        } else {
            search(&path.display().to_string(), &std::fs::read(&path).unwrap(), canaries);
            files += 1;
        }
    }
    files
}

async fn nothing_tells(format: &'static str) {
    let logs = tempfile::NamedTempFile::new().unwrap();
    let sink = File::create(logs.path()).unwrap();
    let mut council = Council::start_with("eustartup-staffed", Some("ana"), |command| {
        command
            .env("COUNCIL_LOG", "trace")
            .env("COUNCIL_LOG_FORMAT", format)
            .stderr(Stdio::from(sink));
    });
    let client =
        Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    let mut witness = Witness { client, origin: council.origin.clone(), answers: Vec::new() };
    let canaries = live(&council, &mut witness).await;
    council.stop();
    let log = std::fs::read(logs.path()).unwrap();
    assert!(log.len() > 10_000, "the log says much: {} bytes", log.len());
    search(&format!("the {format} log"), &log, &canaries);
    for (what, answer) in &witness.answers {
        search(&format!("the answer to {what}"), answer.as_bytes(), &canaries);
    }
    assert!(search_files(council.data(), &canaries) >= 2, "ledger and sessions were searched");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_lets_somebody_in_is_nowhere_in_logs_for_people() {
    nothing_tells("human").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_lets_somebody_in_is_nowhere_in_logs_for_machines() {
    nothing_tells("json").await;
}
