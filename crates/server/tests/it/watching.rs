//! Events, metrics, and what must never be seen in them.

use serde_json::{Value, json};

use crate::support::{Key, Role, World};

/// Reads a stream of events until `count` have come.
async fn events(answer: reqwest::Response, count: usize) -> Vec<(Option<String>, Value)> {
    let mut answer = answer;
    let mut text = String::new();
    let mut found = Vec::new();
    while found.len() < count {
        let chunk = answer.chunk().await.expect("a chunk").expect("the stream goes on");
        text.push_str(std::str::from_utf8(&chunk).expect("text"));
        while let Some((event, rest)) = text.split_once("\n\n") {
            let field = |name: &str| event.lines().find_map(|line| line.strip_prefix(name));
            if let Some(data) = field("data: ") {
                let id = field("id: ").map(str::to_owned);
                found.push((id, serde_json::from_str(data).expect("JSON")));
            }
            text = rest.to_owned();
        }
    }
    found
}

#[tokio::test]
async fn a_client_that_was_cut_off_misses_nothing() {
    let world = World::governed().await;
    let key = world.session(Role::Holder).await;
    let live = world.get("/api/v1/events", &key).await;
    assert_eq!(live.headers()["content-type"], "text/event-stream");
    for text in ["One.", "Two.", "Three."] {
        let given = world.post("/api/v1/feedback", &key, json!({"text": text})).await;
        assert_eq!(given.status(), 201);
    }
    let first = events(live, 1).await.remove(0);
    assert_eq!(first.1["specversion"], "1.0");
    assert_eq!(first.1["type"], "council.ledger.feedback.given");
    assert_eq!(first.1["id"], json!(first.0.clone().expect("an id")));
    let resumed = world.request(reqwest::Method::GET, "/api/v1/events", &key);
    let resumed = resumed.header("last-event-id", "1").send().await.expect("an answer");
    let rest: Vec<_> = events(resumed, 2).await.into_iter().map(|(id, _)| id).collect();
    assert_eq!(rest, [Some("2".to_owned()), Some("3".to_owned())]);
}

#[tokio::test]
async fn streams_end_when_the_server_stops() {
    let world = World::governed().await;
    let key = world.session(Role::Holder).await;
    let mut live = world.get("/api/v1/events", &key).await;
    world.running.stop().await.expect("an orderly stop");
    while let Ok(Some(_)) = live.chunk().await {}
}

#[tokio::test]
async fn a_new_revision_is_told() {
    let world = World::governed().await;
    let key = world.session(Role::Holder).await;
    let live = world.get("/api/v1/events", &key).await;
    world.write("council.yaml", &crate::support::COUNCIL.replace("title: Example", "title: New"));
    crate::playbook::turned(&world).await;
    let (id, event) = events(live, 1).await.remove(0);
    assert_eq!(event["type"], "council.playbook.revision");
    assert_eq!(id, None, "what is not in the ledger does not disturb resuming");
}

#[tokio::test]
async fn metrics_are_readable_by_prometheus() {
    let world = World::governed().await;
    let key = world.session(Role::Holder).await;
    world.read("/api/v1/seats", &key).await;
    let answer = world.get("/metrics", &Key::Nothing).await;
    assert_eq!(answer.headers()["content-type"], "text/plain; version=0.0.4; charset=utf-8");
    let text = answer.text().await.expect("text");
    for line in [
        "council_http_request_duration_seconds_count{method=\"GET\",route=\"/api/v1/seats\",status=\"200\"} 1",
        "council_ledger_entries 0",
        "council_sessions 1",
        "council_playbook_held_back 0",
    ] {
        assert!(text.contains(line), "{line} is missing in\n{text}");
    }
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let name = line.split(['{', ' ']).next().expect("a name");
        let family = ["_bucket", "_count", "_sum"].iter().fold(name, |name, suffix| {
            name.strip_suffix(suffix).filter(|name| name.ends_with("_seconds")).unwrap_or(name)
        });
        assert!(text.contains(&format!("# HELP {family} ")), "{family} has no help");
        assert!(text.contains(&format!("# TYPE {family} ")), "{family} has no type");
    }
    check_with_promtool(&text);
}

/// Lets Prometheus' own tool look, where it is installed.
#[expect(clippy::print_stdout, reason = "what is left out is said loudly")]
fn check_with_promtool(text: &str) {
    use std::io::Write as _;
    use std::process::{Command, Stdio};
    let started = Command::new("promtool")
        .args(["check", "metrics"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let Ok(mut tool) = started else {
        println!("left out: `promtool check metrics`, because promtool is not installed");
        return;
    };
    let mut input = tool.stdin.take().expect("a pipe");
    input.write_all(text.as_bytes()).expect("a written text");
    drop(input);
    let said = tool.wait_with_output().expect("an end");
    let words = String::from_utf8_lossy(&said.stderr);
    assert!(said.status.success() && words.is_empty(), "promtool says: {words}\n{text}");
}

#[tokio::test]
async fn the_workers_say_how_they_are() {
    let world = World::governed().await;
    let key = world.session(Role::Operator).await;
    let found = world.read("/api/v1/workers", &key).await;
    let names: Vec<&str> = found["items"]
        .as_array()
        .expect("items")
        .iter()
        .map(|item| item["name"].as_str().expect("a name"))
        .collect();
    let expected = "alerts apply checkpoint deadlines drift fleet maintenance notify objectives playbook probes tail";
    assert_eq!(names.join(" "), expected);
}

#[tokio::test]
async fn secrets_stay_out_of_the_ledger_the_api_and_the_database() {
    let world = World::governed().await;
    let key = world.session(Role::Holder).await;
    let made = world.post("/api/v1/tokens", &key, json!({"name": "x", "scopes": ["read"]})).await;
    let made: Value = made.json().await.expect("JSON");
    let token = made["token"].as_str().expect("a token").to_owned();
    let Key::Cookie(cookie) = &key else { panic!("a session is a cookie") };
    let (_, session) = cookie.split_once('=').expect("a pair");
    let link = world.running.sign_in_link.rsplit('/').next().expect("a secret").to_owned();
    for path in ["/api/v1/tokens", "/api/v1/sessions", "/api/v1/ledger/entries", "/metrics"] {
        let text = world.get(path, &key).await.text().await.expect("text");
        for secret in [&token, session, &link] {
            assert!(!text.contains(secret), "{path} shows a secret");
        }
    }
    let session = session.to_owned();
    world.running.stop().await.expect("an orderly stop");
    let mut waiting = vec![world.directory.path().join("data")];
    while let Some(path) = waiting.pop() {
        if path.is_dir() {
            let entries = std::fs::read_dir(&path).expect("a directory");
            waiting.extend(entries.map(|entry| entry.expect("an entry").path()));
            continue;
        }
        let bytes = std::fs::read(&path).expect("a file");
        for secret in [&token, &session, &link] {
            let is_in = bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
            assert!(!is_in, "{} holds a secret", path.display());
        }
    }
}
