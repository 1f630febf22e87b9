//! Links, sessions, tokens, and requests that other sites make.

use reqwest::Method;
use reqwest::header::SET_COOKIE;
use serde_json::json;

use crate::support::{Key, Role, World, problem};

#[tokio::test]
async fn a_link_signs_in_once_as_the_person_one_chooses() {
    let world = World::start().await;
    let key = world.sign_in(Some("ana")).await;
    let me = world.read("/api/v1/me", &key).await;
    assert_eq!(me["person"], "ana");
    assert_eq!(me["primary_of"], json!(["network"]));
    assert_eq!(me["operator"], true);
    let secret = world.running.sign_in_link.rsplit('/').next().expect("a secret");
    let again = world.post("/api/v1/sessions", &Key::Nothing, json!({"link": secret})).await;
    problem(again, 410, "link-ended").await;
}

#[tokio::test]
async fn a_link_survives_a_wrong_choice_and_a_look() {
    let world = World::start().await;
    let secret = world.running.sign_in_link.rsplit('/').next().expect("a secret");
    let body = json!({"link": secret, "person": "nobody"});
    let answer = world.post("/api/v1/sessions", &Key::Nothing, body).await;
    problem(answer, 400, "no-such-person").await;
    let look = world.get(&format!("/sign-in/{secret}"), &Key::Nothing).await;
    assert_eq!(look.status(), 200);
    world.sign_in(Some("ben")).await;
}

#[tokio::test]
async fn a_forwarded_request_does_not_get_the_operators_link() {
    let world = World::start().await;
    let secret = world.running.sign_in_link.rsplit('/').next().expect("a secret");
    let request = world.request(Method::POST, "/api/v1/sessions", &Key::Nothing);
    let request = request.header("x-forwarded-for", "127.0.0.1").json(&json!({"link": secret}));
    problem(request.send().await.expect("an answer"), 403, "link-is-local").await;
}

#[tokio::test]
async fn the_cookie_is_out_of_reach_for_scripts_and_other_sites() {
    let world = World::start().await;
    let secret = world.running.sign_in_link.rsplit('/').next().expect("a secret");
    let answer = world.post("/api/v1/sessions", &Key::Nothing, json!({"link": secret})).await;
    let cookie = answer.headers()[SET_COOKIE].to_str().expect("text").to_owned();
    for part in ["council=", "HttpOnly", "SameSite=Lax", "Path=/", "Max-Age="] {
        assert!(cookie.contains(part), "{cookie}");
    }
    assert!(!cookie.contains("Domain"), "{cookie}");
}

#[tokio::test]
async fn signing_out_ends_the_session() {
    let world = World::start().await;
    let key = world.session(Role::Holder).await;
    assert_eq!(world.get("/api/v1/me", &key).await.status(), 200);
    let answer = world.request(Method::DELETE, "/api/v1/sessions/current", &key).send().await;
    let answer = answer.expect("an answer");
    assert_eq!(answer.status(), 204);
    assert!(answer.headers()[SET_COOKIE].to_str().expect("text").contains("Max-Age=0"));
    problem(world.get("/api/v1/me", &key).await, 401, "not-signed-in").await;
}

#[tokio::test]
async fn another_site_cannot_act_in_a_browsers_name() {
    let world = World::start().await;
    let key = world.session(Role::Holder).await;
    let attempt = |name: &'static str, value: &'static str| {
        let request = world.request(Method::DELETE, "/api/v1/sessions/current", &key);
        request.header(name, value).send()
    };
    let answer = attempt("sec-fetch-site", "cross-site").await.expect("an answer");
    problem(answer, 403, "cross-site").await;
    let answer = attempt("origin", "https://evil.example").await.expect("an answer");
    problem(answer, 403, "cross-site").await;
    assert_eq!(world.get("/api/v1/me", &key).await.status(), 200, "still signed in");
    let own = attempt("sec-fetch-site", "same-origin").await.expect("an answer");
    assert_eq!(own.status(), 204);
}

#[tokio::test]
async fn a_token_is_shown_once_and_does_what_its_scopes_say() {
    let world = World::start().await;
    let key = world.session(Role::Holder).await;
    let body = json!({"name": "script", "scopes": ["read"], "days": 7});
    let made = world.post("/api/v1/tokens", &key, body).await;
    assert_eq!(made.status(), 201);
    let made: serde_json::Value = made.json().await.expect("JSON");
    let token = made["token"].as_str().expect("a token").to_owned();
    assert!(token.starts_with("council_"), "scanners know it by its prefix");
    let listed = world.read("/api/v1/tokens", &key).await;
    assert_eq!(listed["items"][0]["name"], "script");
    assert!(!listed.to_string().contains(&token), "the secret is shown once");

    let by_token = Key::Token(token);
    assert_eq!(world.get("/api/v1/seats", &by_token).await.status(), 200);
    let more = json!({"name": "more", "scopes": ["account"]});
    let denied = problem(world.post("/api/v1/tokens", &by_token, more).await, 403, "denied").await;
    assert_eq!(denied["policies"], json!(["tokens-need-the-scope-account"]));

    let path = format!("/api/v1/tokens/{}", made["id"].as_str().expect("an id"));
    let revoked = world.request(Method::DELETE, &path, &key).send().await.expect("an answer");
    assert_eq!(revoked.status(), 204);
    problem(world.get("/api/v1/seats", &by_token).await, 401, "not-signed-in").await;
}

#[tokio::test]
async fn a_token_cannot_make_a_mightier_one() {
    let world = World::start().await;
    let key = world.token("ana", &["account", "read"]);
    let body = json!({"name": "more", "scopes": ["decide"]});
    problem(world.post("/api/v1/tokens", &key, body).await, 403, "denied").await;
    let body = json!({"name": "more", "scopes": ["operate"]});
    problem(world.post("/api/v1/tokens", &key, body).await, 403, "denied").await;
    let body = json!({"name": "same", "scopes": ["read"]});
    assert_eq!(world.post("/api/v1/tokens", &key, body).await.status(), 201);
}

#[tokio::test]
async fn whoever_leaves_the_playbook_is_signed_out() {
    let world = World::start().await;
    let key = world.token("dan", &["read"]);
    assert_eq!(world.get("/api/v1/seats", &key).await.status(), 200);
    let gone = crate::support::COUNCIL
        .replace(
            "{name: dan, title: Dan}\nspec: {joined: 2020-01-01}",
            "{name: dan, title: Dan}\nspec: {joined: 2020-01-01, leaves: 2021-01-01}",
        )
        .replace("members: [dan]", "members: [eve]");
    world.write("council.yaml", &gone);
    crate::playbook::turned(&world).await;
    problem(world.get("/api/v1/seats", &key).await, 401, "not-signed-in").await;
}

#[tokio::test]
async fn a_made_up_token_is_nobody() {
    let world = World::start().await;
    let key = Key::Token("council_made-up".to_owned());
    problem(world.get("/api/v1/seats", &key).await, 401, "not-signed-in").await;
    let key = Key::Token("something-else".to_owned());
    problem(world.get("/api/v1/seats", &key).await, 401, "not-signed-in").await;
}
