//! Pages without a browser: forms as they are sent without JavaScript, and pages as they were.

use reqwest::Response;
use serde_json::{Value, json};

use crate::support::{Key, Role, World};

/// Reads a page that is there.
pub(crate) async fn page(world: &World, path: &str, key: &Key) -> String {
    let answer = world.get(path, key).await;
    assert_eq!(answer.status(), 200, "{path}");
    answer.text().await.expect("text")
}

/// The form token of a page.
fn token(page: &str) -> &str {
    let (_, rest) = page.split_once("name=\"csrf\" value=\"").expect("a form");
    rest.split('"').next().expect("a token")
}

/// Sends a form of a page to a path, as a browser does.
async fn send(world: &World, key: &Key, from: &str, to: &str, fields: &[(&str, &str)]) -> Response {
    let page = page(world, from, key).await;
    let mut all = vec![("csrf", token(&page))];
    all.extend(fields);
    let request = world.request(reqwest::Method::POST, to, key).form(&all);
    request.send().await.expect("an answer")
}

/// Sends a form and says where it leads.
pub(crate) async fn sent(
    world: &World,
    key: &Key,
    from: &str,
    to: &str,
    fields: &[(&str, &str)],
) -> String {
    let answer = send(world, key, from, to, fields).await;
    assert_eq!(answer.status(), 303, "{to}");
    answer.headers()["location"].to_str().expect("text").to_owned()
}

async fn open_action(world: &World, key: &Key) -> String {
    let action = json!({"title": "Tidy racks", "owner": "seat/network", "due": "2099-01-01"});
    let opened: Value =
        world.post("/api/v1/actions", key, action).await.json().await.expect("JSON");
    opened["stream"].as_str().expect("text").trim_start_matches("action/").to_owned()
}

#[tokio::test]
async fn feedback_is_given_answered_and_put_away_by_forms() {
    let world = World::governed().await;
    let (giver, holder) = (world.session(Role::Outsider).await, world.session(Role::Holder).await);
    let fields = [("text", "Builds take an hour."), ("about", "")];
    assert_eq!(sent(&world, &giver, "/feedback", "/feedback", &fields).await, "/feedback");
    let list = world.read("/api/v1/feedback", &holder).await;
    let id = list["items"][0]["id"].as_str().expect("an id").to_owned();
    let at = format!("/feedback/{id}");
    sent(&world, &holder, "/feedback", &format!("{at}/answer"), &[("text", "We cache now.")]).await;
    let shown = page(&world, "/feedback", &holder).await;
    assert!(shown.contains("Builds take an hour.") && shown.contains("We cache now."), "{shown}");
    sent(&world, &giver, "/feedback", &format!("{at}/close"), &[]).await;
    let shown = page(&world, "/feedback", &holder).await;
    assert!(shown.contains("Nothing waits") && shown.contains("Put away"), "{shown}");
}

#[tokio::test]
async fn an_action_is_moved_and_dropped_by_forms() {
    let world = World::governed().await;
    let key = world.session(Role::Holder).await;
    let id = open_action(&world, &key).await;
    let at = format!("/actions/{id}");
    let fields = [
        ("due", "2099-02-01"),
        ("reason", "the racks are late"),
        ("seen", "1"),
        ("back", "/actions"),
    ];
    assert_eq!(sent(&world, &key, &at, &format!("{at}/move"), &fields).await, "/actions");
    let row = world.read(&format!("/api/v1/actions/{id}"), &key).await;
    assert_eq!((&row["due"], &row["promised"]), (&json!("2099-02-01"), &json!("2099-01-01")));
    // The form was made before somebody else moved it: it does not overwrite what nobody has seen.
    let stale = [("due", "2099-03-01"), ("seen", "1"), ("back", "/actions")];
    assert_eq!(sent(&world, &key, &at, &format!("{at}/move"), &stale).await, at);
    sent(&world, &key, &at, &format!("{at}/drop"), &[("reason", "no racks"), ("back", "/actions")])
        .await;
    let row = world.read(&format!("/api/v1/actions/{id}"), &key).await;
    assert_eq!((&row["stage"], &row["due"]), (&json!("dropped"), &json!("2099-02-01")));
}

#[tokio::test]
async fn a_question_is_reopened_and_answered_by_forms() {
    let accepted = "---\nstatus: accepted\ntype: b\nanswers: [log-stack]\n---\n\n# Loki\n\n## Context\n\nWe must.\n\n## Decision\n\nWe do.\n";
    let world = World::governed().await;
    world.write("decisions/0003-loki.md", accepted);
    crate::playbook::turned(&world).await;
    let key = world.session(Role::Holder).await;
    let at = "/questions/log-stack";
    let answer = async || world.read("/api/v1/questions/log-stack", &key).await["answer"].clone();
    assert_eq!(answer().await["reference"], "decision/0003-loki", "the decision answers by itself");
    sent(&world, &key, at, &format!("{at}/reopen"), &[("reason", "traces are missing")]).await;
    assert_eq!(answer().await, Value::Null);
    let shown = page(&world, at, &key).await;
    assert!(shown.contains("value=\"0003-loki\""), "the decision in force is offered: {shown}");
    sent(&world, &key, at, &format!("{at}/answer"), &[("decision", "0003-loki")]).await;
    assert_eq!(answer().await["reference"], "decision/0003-loki");
}

#[tokio::test]
async fn a_form_without_its_token_changes_nothing() {
    let world = World::governed().await;
    let key = world.session(Role::Holder).await;
    let id = open_action(&world, &key).await;
    let form = [("csrf", "made up"), ("reason", "x"), ("back", "/actions")];
    let request = world.request(reqwest::Method::POST, &format!("/actions/{id}/drop"), &key);
    request.form(&form).send().await.expect("an answer");
    assert_eq!(world.read(&format!("/api/v1/actions/{id}"), &key).await["stage"], "open");
}

#[tokio::test]
async fn calendars_have_addresses_that_are_their_own_key() {
    let world = World::governed().await;
    let key = world.session(Role::Holder).await;
    let shown = page(&world, "/calendars", &key).await;
    for subject in ["council/all", "person/ana", "seat/network", "ritual/weekly-sync"] {
        let (_, rest) = shown.split_once(&format!("/api/v1/calendars/{subject}/")).expect(subject);
        let signature = rest.split('"').next().expect("a signature");
        let feed =
            world.get(&format!("/api/v1/calendars/{subject}/{signature}"), &Key::Nothing).await;
        assert_eq!(feed.status(), 200, "{subject}");
        assert!(feed.text().await.expect("text").starts_with("BEGIN:VCALENDAR"), "{subject}");
    }
    let operator = world.session(Role::Operator).await;
    assert_eq!(world.get("/calendars", &operator).await.status(), 403);
}

#[tokio::test]
async fn every_page_of_the_record_can_be_seen_as_it_was() {
    let world = World::governed().await;
    let key = world.session(Role::Holder).await;
    let first = open_action(&world, &key).await;
    let seq = world.running.state.ledger().head().seq;
    world.post("/api/v1/feedback", &key, json!({"text": "Later."})).await;
    world.post("/api/v1/decisions/0001-first/proposal", &key, Value::Null).await;
    world.post(&format!("/api/v1/actions/{first}/completion"), &key, json!({})).await;
    let pages = [
        "/",
        "/decisions",
        "/decisions/0001-first",
        "/rituals",
        "/rituals/weekly-sync",
        "/rituals/weekly-sync/2099-01-02",
        "/actions",
        "/questions",
        "/questions/log-stack",
        "/feedback",
        "/playbook",
        "/playbook/chapter/open-questions",
    ];
    for path in pages {
        let past = page(&world, &format!("{path}?as_of={seq}"), &key).await;
        assert!(past.contains("<b>As it was</b>"), "{path} says that it is the past");
        assert!(past.contains(&format!("href=\"{path}\">Back to now")), "{path} leads back");
        assert!(!past.contains("name=\"csrf\""), "{path} has no forms in the past");
        assert!(past.contains(&format!("href=\"/decisions?as_of={seq}\"")), "{path} stays there");
        let now = page(&world, path, &key).await;
        assert!(!now.contains("<b>As it was</b>"), "{path}");
    }
    let past = page(&world, &format!("/feedback?as_of={seq}"), &key).await;
    assert!(!past.contains("Later."), "{past}");
    let past = page(&world, &format!("/decisions/0001-first?as_of={seq}"), &key).await;
    assert!(past.contains("Who would vote"), "it was not proposed then");
    let past = page(&world, &format!("/actions?as_of={seq}"), &key).await;
    assert!(past.contains("Nothing is promised") != past.contains("Tidy racks"), "{past}");
    assert!(past.contains("Tidy racks") && !past.contains("badge good\">done"), "{past}");
    let ledger = page(&world, &format!("/ledger?as_of={seq}"), &key).await;
    assert!(
        ledger.contains(&format!("href=\"/feedback?as_of={seq}\"")),
        "the ledger leads into it"
    );
    assert_eq!(world.get("/decisions?as_of=yesterday", &key).await.status(), 400);
}

#[tokio::test]
async fn the_api_reads_every_fold_as_it_was() {
    let world = World::governed().await;
    let key = world.session(Role::Holder).await;
    let id = open_action(&world, &key).await;
    let seq = world.running.state.ledger().head().seq;
    world.post("/api/v1/feedback", &key, json!({"text": "Later."})).await;
    world.post(&format!("/api/v1/actions/{id}/completion"), &key, json!({})).await;
    let at = |path: &str| format!("{path}?as_of={seq}");
    let feedback = world.read(&at("/api/v1/feedback"), &key).await;
    assert_eq!(feedback["items"], json!([]));
    assert_eq!(world.read(&at(&format!("/api/v1/actions/{id}")), &key).await["stage"], "open");
    assert_eq!(world.read(&format!("/api/v1/actions/{id}"), &key).await["stage"], "done");
    let needs = world.read(&at("/api/v1/today"), &key).await["needs_me"].clone();
    assert!(needs.to_string().contains("Tidy racks"), "{needs}");
    let needs = world.read("/api/v1/today", &key).await["needs_me"].clone();
    assert!(!needs.to_string().contains("Tidy racks"), "{needs}");
    let agenda = "/api/v1/rituals/weekly-sync/2099-01-02";
    for path in ["/api/v1/raci", "/api/v1/gaps", "/api/v1/rituals", agenda] {
        assert_eq!(world.get(&at(path), &key).await.status(), 200, "{path}");
        let wrong = world.get(&format!("{path}?as_of=never"), &key).await;
        crate::support::problem(wrong, 400, "bad-moment").await;
    }
}

const SCHEDULE: &str = "
apiVersion: council/v1
kind: Schedule
metadata: {name: nights, title: Nights}
spec: {layers: [{starts: 2026-01-05, rotation: {daily: {}}, people: [{person: ana}, {person: ben}]}]}
";

#[tokio::test]
async fn shifts_have_calendars_of_their_own() {
    let world = World::governed_and(&[("nights.yaml", SCHEDULE)], |_| {}).await;
    let key = world.session(Role::Holder).await;
    let links = world.read("/api/v1/calendars", &key).await;
    let links = links["items"].as_array().expect("links");
    let feed = async |subject: &str| {
        let link = links.iter().find(|link| link["subject"] == subject).expect(subject);
        let url = link["url"].as_str().expect("an address");
        let path = url.split_once("/api/").expect("a path").1;
        page(&world, &format!("/api/{path}"), &Key::Nothing).await
    };
    let mine = feed("shifts/ana").await;
    assert!(mine.contains("SUMMARY:On call: Nights") && !mine.contains("Ben"), "{mine}");
    let all = feed("schedule/nights").await;
    assert!(all.contains("SUMMARY:Ana is on call") && all.contains("Ben is on call"), "{all}");
    let note = page(&world, "/on-call/notes/nights", &key).await;
    assert!(note.contains("Hand-off: Nights") && note.contains("hands over to"), "{note}");
    let shown = page(&world, "/calendars", &key).await;
    assert!(
        shown.contains("Your shifts on call") && shown.contains("One schedule each"),
        "{shown}"
    );
}
