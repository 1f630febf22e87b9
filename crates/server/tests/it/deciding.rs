//! Decisions, meetings, actions and questions, from the first call to the ledger.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use jiff::{SignedDuration, Timestamp};
use reqwest::Method;
use serde_json::{Value, json};
use server::Clock;

use crate::support::{Key, Role, World, problem};

#[tokio::test]
async fn a_decision_goes_from_proposal_to_acceptance() {
    let world = World::governed().await;
    let (author, voter) =
        (world.token("cleo", &["read", "decide"]), world.session(Role::Holder).await);
    let proposed = world.request(Method::POST, "/api/v1/decisions/1/proposal", &author);
    let proposed = proposed.send().await.expect("an answer");
    assert_eq!(proposed.status(), 201);
    let proposed: Value = proposed.json().await.expect("JSON");
    assert_eq!(proposed["happened"], json!(["decision.proposed"]));

    let body = json!({"seat": "network", "position": "agree"});
    let vote = world.post("/api/v1/decisions/1/votes", &voter, body).await;
    let vote: Value = vote.json().await.expect("JSON");
    let happened = vote["happened"].to_string();
    assert!(happened.contains("decision.voted"), "{vote}");
    let shown = world.read("/api/v1/decisions/0001-first", &voter).await;
    assert!(shown.to_string().contains("ana"), "the vote is shown: {shown}");
    let entries = world.read("/api/v1/ledger/entries?stream=decision/0001-first", &voter).await;
    assert_eq!(entries["items"][0]["actor"], "person/cleo", "{entries}");
    assert_eq!(entries["items"][0]["version"], 1);
}

#[tokio::test]
async fn a_vote_on_what_has_changed_meanwhile_is_refused() {
    let world = World::governed().await;
    let author = world.token("cleo", &["decide"]);
    let voter = world.token("ana", &["read", "decide"]);
    let before = world.get("/api/v1/decisions/1", &voter).await.headers()["etag"].clone();
    let proposed = world.request(Method::POST, "/api/v1/decisions/1/proposal", &author);
    assert_eq!(proposed.send().await.expect("an answer").status(), 201);
    let vote = |tag: reqwest::header::HeaderValue| {
        let request = world.request(Method::POST, "/api/v1/decisions/1/votes", &voter);
        request
            .header("if-match", tag)
            .json(&json!({"seat": "network", "position": "agree"}))
            .send()
    };
    problem(vote(before).await.expect("an answer"), 412, "changed-meanwhile").await;
    let now = world.get("/api/v1/decisions/1", &voter).await.headers()["etag"].clone();
    assert_eq!(vote(now).await.expect("an answer").status(), 200);
}

#[tokio::test]
async fn a_denial_says_who_could() {
    let world = World::governed().await;
    let author = world.token("cleo", &["decide"]);
    let proposed = world.request(Method::POST, "/api/v1/decisions/1/proposal", &author);
    assert_eq!(proposed.send().await.expect("an answer").status(), 201);
    let member = world.session(Role::Member).await;
    let body = json!({"seat": "network", "position": "agree"});
    let answer = world.post("/api/v1/decisions/1/votes", &member, body).await;
    let denied = problem(answer, 403, "denied").await;
    assert_eq!(denied["policies"], json!(["deciding-seats-vote"]));
    let needed = denied["would_pass_if"].as_str().expect("text");
    assert!(needed.contains("seat/network") && needed.contains("type b"), "{needed}");
}

#[tokio::test]
async fn lazy_consensus_is_written_down_when_its_time_has_come() {
    let now = Arc::new(AtomicI64::new(Timestamp::now().as_second()));
    let clock = now.clone();
    let world = World::governed_with(|config| {
        config.clock = Clock::driven(move || {
            Timestamp::from_second(clock.load(Ordering::SeqCst)).expect("a time")
        });
    })
    .await;
    let author = world.token("dan", &["read", "decide"]);
    let voter = world.token("ana", &["read", "decide"]);
    let proposed = world.request(Method::POST, "/api/v1/decisions/2/proposal", &author);
    assert_eq!(proposed.send().await.expect("an answer").status(), 201);
    let body = json!({"seat": "network", "position": "agree"});
    assert_eq!(world.post("/api/v1/decisions/2/votes", &voter, body).await.status(), 200);
    let head = world.running.state.ledger().head().seq;
    now.fetch_add(SignedDuration::from_hours(100).as_secs(), Ordering::SeqCst);
    world.running.state.board().nudge("deadlines");
    while world.running.state.ledger().head().seq == head {
        tokio::task::yield_now().await;
    }
    let key = world.session(Role::Holder).await;
    let entries = world.read("/api/v1/ledger/entries?newest_first=true", &key).await;
    assert_eq!(entries["items"][0]["actor"], "council", "{entries}");
    assert_eq!(entries["items"][0]["kind"], "decision.accepted", "{entries}");
}

#[tokio::test]
async fn an_action_is_moved_only_by_whoever_has_seen_it() {
    let world = World::governed().await;
    let key = world.session(Role::Holder).await;
    let body = json!({"title": "Tidy", "owner": "seat/network", "due": "2099-01-01"});
    let opened = world.post("/api/v1/actions", &key, body).await;
    assert_eq!(opened.status(), 201);
    let address = opened.headers()["location"].to_str().expect("text").to_owned();
    let moved = json!({"due": "2099-02-01"});
    let blind = world.post(&format!("{address}/move"), &key, moved.clone()).await;
    problem(blind, 428, "if-match-required").await;
    let tag = world.get(&address, &key).await.headers()["etag"].clone();
    let request = world.request(Method::POST, &format!("{address}/move"), &key);
    let answer = request.header("if-match", &tag).json(&moved).send().await.expect("an answer");
    assert_eq!(answer.status(), 200);
    let request = world.request(Method::POST, &format!("{address}/move"), &key);
    let stale = request.header("if-match", &tag).json(&json!({"due": "2099-03-01"})).send().await;
    problem(stale.expect("an answer"), 412, "changed-meanwhile").await;
    assert_eq!(world.read(&address, &key).await["due"], "2099-02-01");
}

#[tokio::test]
async fn what_people_write_is_sealed_in_the_ledger_and_read_by_views() {
    let world = World::governed().await;
    let key = world.session(Role::Holder).await;
    let given = world.post("/api/v1/feedback", &key, json!({"text": "Canary sings."})).await;
    assert_eq!(given.status(), 201);
    let entries = world.read("/api/v1/ledger/entries", &key).await;
    assert!(!entries.to_string().contains("Canary"), "{entries}");
    let shown = world.read("/api/v1/feedback", &key).await;
    assert_eq!(shown["items"][0]["text"], "Canary sings.");
}

#[tokio::test]
async fn the_record_can_be_read_as_it_was() {
    let world = World::governed().await;
    let key = world.session(Role::Holder).await;
    let raise = |name: &str| {
        world.post("/api/v1/questions", &key, json!({"name": name, "title": "Which?"}))
    };
    assert_eq!(raise("first").await.status(), 201);
    let seq = world.read("/api/v1/ledger", &key).await["seq"].as_u64().expect("a number");
    assert_eq!(raise("second").await.status(), 201);
    let now = world.read("/api/v1/questions", &key).await.to_string();
    let then = world.read(&format!("/api/v1/questions?as_of={seq}"), &key).await.to_string();
    assert!(now.contains("\"second\"") && !then.contains("\"second\""), "{then}");
    assert!(then.contains("\"first\""), "{then}");
    problem(world.get("/api/v1/questions?as_of=then", &key).await, 400, "bad-moment").await;
}

#[tokio::test]
async fn a_repeated_write_with_a_key_is_written_once() {
    let world = World::governed().await;
    let key = world.session(Role::Holder).await;
    let give = || {
        let request = world.request(Method::POST, "/api/v1/feedback", &key);
        request.header("idempotency-key", "once").json(&json!({"text": "Good."})).send()
    };
    let first = give().await.expect("an answer");
    let again = give().await.expect("an answer");
    assert_eq!(first.headers()["location"], again.headers()["location"]);
    assert_eq!(world.read("/api/v1/ledger", &key).await["seq"], 1);
}

#[tokio::test]
async fn a_calendar_is_read_by_its_address_alone() {
    let world = World::governed().await;
    let key = world.session(Role::Holder).await;
    let links = world.read("/api/v1/calendars", &key).await;
    let links = links["items"].as_array().expect("items");
    let ritual = links.iter().find(|link| link["subject"] == "ritual/weekly-sync");
    let url = ritual.expect("a feed")["url"].as_str().expect("text");
    let path = url.trim_start_matches(world.running.state.origin());
    let answer = world.get(&format!("{path}.ics"), &Key::Nothing).await;
    assert_eq!(answer.headers()["content-type"], "text/calendar; charset=utf-8");
    let text = answer.text().await.expect("text");
    assert!(text.starts_with("BEGIN:VCALENDAR\r\n") && text.contains("RRULE:"), "{text}");
    let changed = path.replace("weekly-sync", "other");
    problem(world.get(&changed, &Key::Nothing).await, 403, "wrong-signature").await;
}
