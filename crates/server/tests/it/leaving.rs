//! Ends of access: leaving the playbook, signing out everywhere, time.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use jiff::{SignedDuration, Timestamp};
use reqwest::Method;
use server::Clock;

use crate::playbook::turned;
use crate::support::{COUNCIL, Key, Role, World, problem};

/// The small council without dan.
fn without_dan() -> String {
    let gone = COUNCIL
        .replace(
            "{name: dan, title: Dan}\nspec: {joined: 2020-01-01}",
            "{name: dan, title: Dan}\nspec: {joined: 2020-01-01, leaves: 2021-01-01}",
        )
        .replace("members: [dan]", "members: [eve]");
    assert_ne!(gone, COUNCIL, "dan leaves");
    gone
}

/// Reads a stream of events to its end.
async fn ends(mut stream: reqwest::Response) {
    while let Ok(Some(_)) = stream.chunk().await {}
}

#[tokio::test]
async fn whoever_leaves_loses_sessions_tokens_streams_and_calendars_for_good() {
    let world = World::start().await;
    let (session, token) = (world.session(Role::Member).await, world.token("dan", &["read"]));
    let other = world.token("ana", &["read"]);
    let calendars = world.read("/api/v1/calendars", &session).await;
    let address = calendars["items"][0]["url"].as_str().expect("an address").to_owned();
    let (_, calendar) = address.split_once("/api/").expect("a path");
    let calendar = format!("/api/{calendar}");
    assert_eq!(world.get(&calendar, &Key::Nothing).await.status(), 200);
    let streams =
        [world.get("/api/v1/events", &session).await, world.get("/api/v1/events", &token).await];
    world.write("council.yaml", &without_dan());
    turned(&world).await;
    for stream in streams {
        assert_eq!(stream.status(), 200);
        ends(stream).await;
    }
    problem(world.get(&calendar, &Key::Nothing).await, 404, "not-found").await;
    world.write("council.yaml", COUNCIL);
    turned(&world).await;
    assert_eq!(world.get("/api/v1/people/dan", &other).await.status(), 200, "dan is back");
    for key in [&session, &token] {
        problem(world.get("/api/v1/seats", key).await, 401, "not-signed-in").await;
    }
}

#[tokio::test]
async fn signing_out_everywhere_ends_every_session_and_what_hangs_on_it() {
    let world = World::start().await;
    let (here, there) = (world.session(Role::Holder).await, world.session(Role::Holder).await);
    let token = world.token("ana", &["read"]);
    let stream = world.get("/api/v1/events", &there).await;
    let stranger = world.session(Role::Member).await;
    let everywhere = |key: &Key, query: &str| {
        world.request(Method::DELETE, &format!("/api/v1/sessions{query}"), key).send()
    };
    problem(everywhere(&stranger, "?person=ana").await.expect("an answer"), 403, "denied").await;
    let answer = everywhere(&here, "").await.expect("an answer");
    assert_eq!(answer.status(), 204);
    let cookie = answer.headers()["set-cookie"].to_str().expect("text");
    assert!(cookie.contains("Max-Age=0"), "{cookie}");
    ends(stream).await;
    for key in [&here, &there] {
        problem(world.get("/api/v1/seats", key).await, 401, "not-signed-in").await;
    }
    assert_eq!(world.get("/api/v1/seats", &token).await.status(), 200, "tokens are another matter");
    let operator = world.session(Role::Operator).await;
    let answer = everywhere(&operator, "?person=ana&tokens=true").await.expect("an answer");
    assert_eq!(answer.status(), 204);
    problem(world.get("/api/v1/seats", &token).await, 401, "not-signed-in").await;
    assert_eq!(world.get("/api/v1/seats", &stranger).await.status(), 200, "nobody else is out");
}

#[tokio::test]
async fn a_session_ends_when_it_is_idle_and_at_last_however_it_is_used() {
    let passed = Arc::new(AtomicI64::new(0));
    let hours = passed.clone();
    let start: Timestamp = "2026-11-20T10:00:00Z".parse().expect("a moment");
    let world = World::configured(&[("council.yaml", COUNCIL)], |config| {
        config.clock =
            Clock::driven(move || start + SignedDuration::from_hours(hours.load(Ordering::SeqCst)));
    })
    .await;
    let status = |key: &Key| {
        let request = world.request(Method::GET, "/api/v1/seats", key);
        async move { request.send().await.expect("an answer").status().as_u16() }
    };
    let idle = world.session(Role::Holder).await;
    passed.fetch_add(11, Ordering::SeqCst);
    assert_eq!(status(&idle).await, 200, "a working day is not idle");
    passed.fetch_add(13, Ordering::SeqCst);
    assert_eq!(status(&idle).await, 401, "a night is");
    let busy = world.session(Role::Holder).await;
    for _ in 0..55 {
        passed.fetch_add(6, Ordering::SeqCst);
        assert_eq!(status(&busy).await, 200);
    }
    passed.fetch_add(6, Ordering::SeqCst);
    assert_eq!(status(&busy).await, 401, "two weeks are the end");
}
