//! The playbook's watcher: what changes becomes current, what is broken is held back.

use serde_json::Value;

use crate::support::{COUNCIL, Key, World};

/// Waits until the playbook's worker has looked at the files as they are now.
pub(crate) async fn turned(world: &World) {
    let board = world.running.state.board();
    let turns = || {
        let statuses = board.statuses();
        statuses.iter().find(|status| status.name == "playbook").map_or(0, |status| status.turns)
    };
    let before = turns();
    assert!(board.nudge("playbook"), "the worker is there");
    // A turn that had begun before the files changed does not count, hence two.
    while turns() < before + 2 {
        board.nudge("playbook");
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_change_becomes_current() {
    let world = World::start().await;
    let key = world.token("ana", &["read"]);
    let before = world.read("/api/v1/organization", &key).await;
    world.write("council.yaml", &COUNCIL.replace("title: Example", "title: Changed"));
    turned(&world).await;
    let after = world.read("/api/v1/organization", &key).await;
    assert_eq!(after["title"], "Changed");
    assert_ne!(before["revision"], after["revision"]);
}

#[tokio::test]
async fn a_broken_playbook_is_held_back_loudly() {
    let world = World::start().await;
    let key = world.token("ana", &["read"]);
    world.write("council.yaml", &COUNCIL.replace("currency: EUR", "currency: [EUR]"));
    turned(&world).await;
    let shown = world.read("/api/v1/organization", &key).await;
    assert_eq!(shown["spec"]["currency"], "EUR", "the last good one stays current");
    let found = world.read("/api/v1/diagnostics", &key).await;
    assert_eq!(found["errors"], 0);
    assert!(!found["held_back"]["items"].as_array().expect("items").is_empty(), "{found}");
    let ready: Value = world.read("/readyz", &Key::Nothing).await;
    assert!(ready["notes"][0].as_str().expect("a note").contains("held back"), "{ready}");

    world.write("council.yaml", COUNCIL);
    turned(&world).await;
    let found = world.read("/api/v1/diagnostics", &key).await;
    assert_eq!(found["held_back"], Value::Null);
}

#[tokio::test]
async fn a_broken_policy_is_held_back_like_anything_else() {
    let world = World::start().await;
    let key = world.token("ana", &["read"]);
    world.write("policies/own.cedar", "permit (principal, action resource);");
    turned(&world).await;
    let found = world.read("/api/v1/diagnostics", &key).await;
    let items = found["held_back"]["items"].as_array().expect("items");
    assert!(items.iter().any(|item| item["code"] == "POL001"), "{found}");
}

#[tokio::test]
async fn an_own_policy_forbids_from_the_moment_it_is_current() {
    let world = World::start().await;
    let key = world.token("dan", &["read"]);
    assert_eq!(world.get("/api/v1/ledger", &key).await.status(), 200);
    let own = "@id(\"no-ledger-for-payments\") @because(\"payments does not read the ledger\")\n\
        forbid (principal in Team::\"payments\", action == Action::\"ledger.read\", resource);";
    world.write("policies/own.cedar", own);
    turned(&world).await;
    let answer = world.get("/api/v1/ledger", &key).await;
    let denied = crate::support::problem(answer, 403, "denied").await;
    assert_eq!(denied["policies"][0], "no-ledger-for-payments");
    assert_eq!(denied["detail"], "Payments does not read the ledger.");
}

#[tokio::test]
async fn without_git_the_revision_is_a_digest() {
    let world = World::start().await;
    let key = world.token("ana", &["read"]);
    let found = world.read("/api/v1/organization", &key).await;
    assert!(found["revision"]["id"].as_str().expect("text").starts_with("sha256:"), "{found}");
}

const PERSON: &str = "apiVersion: council/v1\nkind: Person\nmetadata: {name: finn, title: Finn}\nspec: {joined: 2020-01-01}\n";

#[tokio::test]
async fn files_that_come_and_go_are_noticed() {
    let world = World::start().await;
    let key = world.token("ana", &["read"]);
    world.write("people/finn.yaml", PERSON);
    turned(&world).await;
    assert_eq!(world.read("/api/v1/people/finn", &key).await["title"], "Finn");
    world.write("people/finn.yaml", &PERSON.replace("title: Finn", "title: Finn the Second"));
    turned(&world).await;
    assert_eq!(world.read("/api/v1/people/finn", &key).await["title"], "Finn the Second");
    std::fs::remove_dir_all(world.directory.path().join("playbook/people")).expect("a directory");
    turned(&world).await;
    assert_eq!(world.get("/api/v1/people/finn", &key).await.status(), 404);
}

#[tokio::test]
async fn the_revision_returns_with_the_text() {
    let world = World::start().await;
    let key = world.token("ana", &["read"]);
    let before = world.read("/api/v1/organization", &key).await["revision"].clone();
    world.write("council.yaml", &COUNCIL.replace("title: Example", "title: Changed"));
    turned(&world).await;
    world.write("council.yaml", COUNCIL);
    turned(&world).await;
    assert_eq!(world.read("/api/v1/organization", &key).await["revision"], before);
}

#[tokio::test]
async fn a_decision_whose_review_is_overdue_ends_by_itself() {
    let old = "---\nstatus: accepted\ntype: b\nreview_by: 2020-01-31\n---\n\n# Old\n\n## Context\n\nWe must.\n\n## Decision\n\nWe do.\n";
    let world = World::governed().await;
    let key = world.token("ana", &["read"]);
    world.write("decisions/0003-old.md", old);
    turned(&world).await;
    let shown = async || world.read("/api/v1/decisions/0003-old", &key).await;
    while shown().await["row"]["stage"] != "expired" {
        world.running.state.board().nudge("deadlines");
        tokio::task::yield_now().await;
    }
    let reasons = shown().await["row"]["reasons"].to_string();
    assert!(reasons.contains("its review was due on 2020-01-31"), "{reasons}");
    let filter = "/api/v1/ledger/entries?stream=decision/0003-old";
    let entries = world.read(filter, &key).await["items"].clone();
    assert_eq!(entries.as_array().map(Vec::len), Some(1), "once: {entries}");
    assert_eq!(
        (&entries[0]["kind"], &entries[0]["actor"]),
        (&"decision.expired".into(), &"council".into())
    );
}
