//! Lists, pages, tags, keys, and bodies that cannot be read.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Key, Role, World, problem};

#[tokio::test]
async fn lists_come_in_pages_that_follow_each_other() {
    let world = World::start().await;
    let key = world.token("ana", &["read"]);
    let mut names = Vec::new();
    let mut path = "/api/v1/people?limit=2".to_owned();
    loop {
        let answer = world.get(&path, &key).await;
        let link = answer.headers().get("link").map(|link| link.to_str().expect("text").to_owned());
        let page: Value = answer.json().await.expect("JSON");
        let items = page["items"].as_array().expect("items");
        names.extend(items.iter().map(|item| item["name"].as_str().expect("a name").to_owned()));
        match link {
            Some(link) => {
                path = link.trim_start_matches('<').split('>').next().expect("a link").to_owned();
            }
            None => break,
        }
    }
    assert_eq!(names, ["ana", "ben", "cleo", "dan", "eve"]);
    problem(world.get("/api/v1/people?limit=0", &key).await, 400, "bad-limit").await;
    problem(world.get("/api/v1/people?cursor=x", &key).await, 400, "bad-cursor").await;
    problem(world.get("/api/v1/people?limit=many", &key).await, 400, "bad-query").await;
}

#[tokio::test]
async fn what_did_not_change_is_not_sent_again() {
    let world = World::start().await;
    let key = world.token("ana", &["read"]);
    let first = world.get("/api/v1/seats", &key).await;
    let tag = first.headers()["etag"].clone();
    let request = world.request(Method::GET, "/api/v1/seats", &key);
    let again = request.header("if-none-match", &tag).send().await.expect("an answer");
    assert_eq!(again.status(), 304);
    assert_eq!(again.headers()["etag"], tag);
    assert!(again.bytes().await.expect("a body").is_empty());
}

#[tokio::test]
async fn a_request_with_a_key_is_done_once() {
    let world = World::start().await;
    let key = world.session(Role::Operator).await;
    let post = |idempotency: &'static str, body: Value| {
        let request = world.request(Method::POST, "/api/v1/sign-in-links", &key);
        request.header("idempotency-key", idempotency).json(&body).send()
    };
    let first = post("one", json!({"person": "ana"})).await.expect("an answer");
    assert_eq!(first.status(), 201);
    let again = post("one", json!({"person": "ana"})).await.expect("an answer");
    assert_eq!(again.headers()["idempotency-replayed"], "true");
    let again = problem(again, 409, "shown-once").await;
    assert!(!again.to_string().contains("/sign-in/"), "{again}");
    let other = post("one", json!({"person": "ben"})).await.expect("an answer");
    problem(other, 422, "key-reused").await;
    let empty = post("", json!({"person": "ben"})).await.expect("an answer");
    problem(empty, 400, "bad-key").await;

    let sign = || {
        let request = world.request(Method::POST, "/api/v1/ledger/checkpoints", &key);
        request.header("idempotency-key", "sign").send()
    };
    let first: Value = sign().await.expect("an answer").json().await.expect("JSON");
    let again = sign().await.expect("an answer");
    assert_eq!(again.status(), 201);
    assert_eq!(again.headers()["idempotency-replayed"], "true");
    assert_eq!(again.json::<Value>().await.expect("JSON"), first);
}

#[tokio::test]
async fn a_crash_between_writing_and_answering_does_not_make_a_repetition_write_twice() {
    let world = World::governed().await;
    let key = world.session(Role::Holder).await;
    let post = async |path: &str, body: Value| {
        let request = world.request(Method::POST, path, &key);
        request.header("idempotency-key", path).json(&body).send().await.expect("an answer")
    };
    let action = json!({"title": "Tidy", "owner": "seat/network", "due": "2099-01-01"});
    let vote = json!({"seat": "network", "position": "object", "reason": "Too dear."});
    world.post("/api/v1/decisions/0001-first/proposal", &key, Value::Null).await;
    for (path, body) in [("/api/v1/actions", action), ("/api/v1/decisions/0001-first/votes", vote)]
    {
        let first = post(path, body.clone()).await;
        let location = first.headers().get("location").cloned();
        let first: Value = first.json().await.expect("JSON");
        let head = world.running.state.ledger().head().seq;
        // What a process leaves behind that dies after the entry is durable: no answer is kept.
        let sessions = world.directory.path().join("data/state.db");
        let database = rusqlite::Connection::open(sessions).expect("the database");
        assert!(database.execute("DELETE FROM reply", []).expect("a deletion") > 0);
        let again = post(path, body.clone()).await;
        assert!(again.status().is_success(), "{path}: {}", again.status());
        assert_eq!(again.headers().get("location").cloned(), location, "{path}");
        assert_eq!(again.json::<Value>().await.expect("JSON"), first, "{path}");
        assert_eq!(world.running.state.ledger().head().seq, head, "{path} wrote nothing more");
    }
}

#[tokio::test]
async fn a_refused_request_gives_its_key_back() {
    let world = World::start().await;
    let key = world.session(Role::Operator).await;
    let post = |body: Value| {
        let request = world.request(Method::POST, "/api/v1/sign-in-links", &key);
        request.header("idempotency-key", "one").json(&body).send()
    };
    problem(post(json!({"person": "no"})).await.expect("an answer"), 404, "not-found").await;
    assert_eq!(post(json!({"person": "ana"})).await.expect("an answer").status(), 201);
}

#[tokio::test]
async fn bodies_that_cannot_be_read_are_problems() {
    let world = World::start().await;
    let key = world.session(Role::Holder).await;
    let post = |kind: &'static str, body: String| {
        let request = world.request(Method::POST, "/api/v1/tokens", &key);
        request.header("content-type", kind).body(body).send()
    };
    let json = "application/json";
    let found = post(json, "{\n  \"name\": }".to_owned()).await.expect("an answer");
    let found = problem(found, 400, "bad-json").await;
    assert_eq!((&found["line"], &found["column"]), (&json!(2), &json!(11)));
    let found = post(json, "{\"name\": \"x\", \"scope\": []}".to_owned()).await.expect("an answer");
    let found = problem(found, 400, "wrong-body").await;
    assert!(found["detail"].as_str().expect("text").contains("`scope`"), "{found}");
    let found = post("text/plain", "{}".to_owned()).await.expect("an answer");
    problem(found, 415, "not-json").await;
    let found = post(json, "x".repeat((1 << 20) + 1)).await.expect("an answer");
    problem(found, 413, "body-too-large").await;
}

#[tokio::test]
async fn every_noun_of_the_playbook_is_there() {
    let world = World::start().await;
    let key = world.token("dan", &["read"]);
    let seats = world.read("/api/v1/seats", &key).await;
    assert_eq!(seats["items"][0]["name"], "finops");
    assert_eq!(seats["items"][0]["gaps"][0]["what"], "no backup");
    let resource = world.read("/api/v1/resources/seat/network", &key).await;
    assert_eq!(resource["uses"], json!(["person/ana", "person/ben"]));
    assert!(resource["source"].as_str().expect("text").contains("kind: Seat"), "{resource}");
    let person = world.read("/api/v1/resources/person/ana", &key).await;
    assert_eq!(person["used_by"], json!(["seat/network"]));
    let team = world.read("/api/v1/teams/payments", &key).await;
    assert_eq!(team["spec"]["profile"], "backend");
    let who = world.read("/api/v1/who?query=firewall", &key).await;
    assert_eq!(who["decides"][0]["holder"], "seat/network", "{who}");
    let gone = world.read("/api/v1/whatif?leave=cleo&on=2027-01-15", &key).await;
    assert_eq!(gone["items"][0]["gravity"], "breaks", "{gone}");
    let unknown = world.get("/api/v1/seats/networks", &key).await;
    let unknown = problem(unknown, 404, "not-found").await;
    assert_eq!(unknown["hint"], "Did you mean `seat/network`?");
}

#[tokio::test]
async fn answers_are_compressed_for_whoever_asks() {
    let world = World::start().await;
    let request = world.request(Method::GET, "/api/v1/openapi.json", &Key::Nothing);
    let answer = request.header("accept-encoding", "gzip").send().await.expect("an answer");
    assert_eq!(answer.headers()["content-encoding"], "gzip");
}
