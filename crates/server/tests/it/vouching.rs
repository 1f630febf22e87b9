//! People and jobs for whom an identity provider vouches: an honest one, a lying one, a real one.

#[path = "../../../oidc/tests/provider/mod.rs"]
#[expect(dead_code, reason = "the room that it comes from uses the rest")]
mod provider;

use std::io::BufRead as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use jiff::{SignedDuration, Timestamp};
use reqwest::header::{COOKIE, LOCATION, SET_COOKIE};
use reqwest::{Method, Response};
use serde_json::{Value, json};
use server::{Clock, Config};

use self::provider::{SECRET, TestProvider};
use crate::playbook::turned;
use crate::support::{COUNCIL, Key, World, problem};
use crate::tools::any;

/// The small council, with an address for ana, and one for dan, who has left.
fn council() -> String {
    let ana = "{name: ana, title: Ana}\nspec: {joined: 2020-01-01}";
    let dan = "{name: dan, title: Dan}\nspec: {joined: 2020-01-01}";
    let text = COUNCIL
        .replace(ana, "{name: ana, title: Ana}\nspec: {joined: 2020-01-01, email: Ana@example.org}")
        .replace(
            dan,
            "{name: dan, title: Dan}\nspec: {joined: 2020-01-01, leaves: 2021-01-01, email: dan@example.org}",
        )
        .replace("members: [dan]", "members: [eve]");
    assert!(text.contains("Ana@") && text.contains("dan@"), "both have an address");
    text
}

fn identity(issuer: &str, more: &str) -> String {
    format!(
        "apiVersion: council/v1\nkind: IdentityProvider\nmetadata: {{name: company, title: Company account}}\n\
         spec: {{issuer: \"{issuer}\", client: council, secret_from: OIDC_SECRET{more}}}\n"
    )
}

/// A service account for jobs of one project.
const ACCOUNT: &str = "\
apiVersion: council/v1
kind: ServiceAccount
metadata: {name: pipeline}
spec:
  purpose: Plans in the pipeline.
  owner: seat/network
  scopes: [read, change]
  lasts: 10m
  jobs:
  - {provider: company, audience: council-jobs, claims: {repository: example/playbook, ref: \"refs/heads/*\"}}
";

/// A server whose playbook names a test provider.
async fn world(more: &str, change: impl FnOnce(&mut Config)) -> (World, TestProvider) {
    let provider = TestProvider::start(Timestamp::now().as_second()).await;
    let (council, identity) = (council(), identity(&provider.issuer, more));
    let files = [
        ("council.yaml", council.as_str()),
        ("identity.yaml", identity.as_str()),
        ("accounts.yaml", ACCOUNT),
    ];
    let world = World::configured(&files, |config| {
        config.variable = |name| (name == "OIDC_SECRET").then(|| SECRET.to_owned());
        change(config);
    })
    .await;
    let snapshot = world.running.state.snapshot();
    assert!(!snapshot.is_broken(), "{:#?}", snapshot.diagnostics);
    (world, provider)
}

fn cookie(answer: &Response, name: &str) -> Option<String> {
    let cookies = answer.headers().get_all(SET_COOKIE).iter().filter_map(|it| it.to_str().ok());
    let mut pairs = cookies.filter_map(|cookie| cookie.split(';').next());
    pairs.find(|pair| pair.starts_with(&format!("{name}="))).map(str::to_owned)
}

fn location(answer: &Response) -> String {
    answer.headers()[LOCATION].to_str().expect("text").to_owned()
}

/// Goes to the provider as a browser does: the address it comes back to, and the cookie it kept.
async fn there(world: &World, start: &str) -> (String, String) {
    let begun = world.get(start, &Key::Nothing).await;
    assert_eq!(begun.status(), 303, "{start}");
    let kept = cookie(&begun, "council-way").expect("a cookie");
    let mut address = location(&begun);
    let mut jar: Vec<String> = Vec::new();
    // A real provider leads through pages of its own, with cookies of its own.
    while !address.starts_with(&world.url("/")) {
        let request = world.client.get(&address).header(COOKIE, jar.join("; "));
        let answer = request.send().await.expect("an answer");
        assert!(answer.status().is_redirection(), "{address}: {}", answer.status());
        let set = answer.headers().get_all(SET_COOKIE).iter().filter_map(|it| it.to_str().ok());
        jar.extend(set.filter_map(|it| it.split(';').next()).map(str::to_owned));
        let next = location(&answer);
        address = match next.strip_prefix('/') {
            Some(path) => {
                let origin = address.splitn(4, '/').take(3).collect::<Vec<_>>().join("/");
                format!("{origin}/{path}")
            }
            None => next,
        };
    }
    (address, kept)
}

async fn back(world: &World, address: &str, kept: &str) -> Response {
    let request = world.client.get(address).header(COOKIE, kept);
    request.send().await.expect("an answer")
}

/// The whole way; the session, or the answer that refused it.
async fn come_in(world: &World) -> Result<Key, Response> {
    let (address, kept) = there(world, "/sign-in/by/company?back=/seats").await;
    let answer = back(world, &address, &kept).await;
    match cookie(&answer, "council") {
        Some(session) => {
            assert_eq!((answer.status().as_u16(), location(&answer).as_str()), (303, "/seats"));
            Ok(Key::Cookie(session))
        }
        None => Err(answer),
    }
}

async fn refused(world: &World, status: u16, words: &str) {
    let answer = come_in(world).await.expect_err("somebody came in");
    assert_eq!(answer.status(), status, "{words}");
    let page = answer.text().await.expect("a page");
    assert!(page.contains(words), "{words}: {page}");
}

#[tokio::test]
async fn whoever_a_provider_vouches_for_is_the_person_with_that_address() {
    let (world, _) = world("", |_| {}).await;
    let page = world.get("/sign-in", &Key::Nothing).await.text().await.expect("a page");
    assert!(page.contains("Go on with Company account"), "{page}");
    let key = come_in(&world).await.expect("a session");
    let me = world.read("/api/v1/me", &key).await;
    assert_eq!((&me["person"], &me["operator"]), (&json!("ana"), &json!(false)));
    let elsewhere = world.get("/sign-in/by/company?back=//evil.example", &Key::Nothing).await;
    assert_eq!(elsewhere.status(), 303);
    assert!(!location(&elsewhere).contains("evil"), "a way back leads nowhere else");
}

#[tokio::test]
async fn strangers_leavers_and_unverified_addresses_stay_outside() {
    let (world, provider) = world("", |_| {}).await;
    let says = |email: &'static str| provider.bend(move |_, said| said["email"] = json!(email));
    says("zoe@example.org");
    refused(&world, 403, "not, or no longer, a person of this playbook").await;
    says("dan@example.org");
    refused(&world, 403, "not, or no longer, a person of this playbook").await;
    provider.bend(|_, said| said["email_verified"] = json!(false));
    refused(&world, 403, "has not verified your e-mail address").await;
    provider.bend(|_, said| said["nonce"] = json!("of-another"));
    refused(&world, 401, "cannot be believed").await;
    provider.bend(|_, said| said["aud"] = json!("somebody-else"));
    refused(&world, 401, "cannot be believed").await;
    provider.bend(|header, _| header["alg"] = json!("none"));
    refused(&world, 401, "cannot be believed").await;
}

#[tokio::test]
async fn groups_open_the_door_and_make_operators() {
    let rules = ", enter: [{claim: groups, has: staff}], operators: [{claim: groups, has: ops}]";
    let (world, provider) = world(rules, |_| {}).await;
    refused(&world, 403, "not in a group that may enter").await;
    provider.bend(|_, said| said["groups"] = json!(["staff"]));
    let key = come_in(&world).await.expect("a session");
    assert_eq!(world.read("/api/v1/me", &key).await["operator"], false);
    provider.bend(|_, said| said["groups"] = json!(["staff", "ops"]));
    let key = come_in(&world).await.expect("a session");
    assert_eq!(world.read("/api/v1/me", &key).await["operator"], true);
}

#[tokio::test]
async fn a_sign_in_is_finished_once_and_in_the_browser_in_which_it_began() {
    let (world, _) = world("", |_| {}).await;
    let (address, kept) = there(&world, "/sign-in/by/company").await;
    let strange = back(&world, &address, "").await;
    assert_eq!(strange.status(), 410, "a browser that began nothing");
    let (_, other) = there(&world, "/sign-in/by/company").await;
    assert_eq!(back(&world, &address, &other).await.status(), 410, "one that began another");
    assert_eq!(back(&world, &address, &kept).await.status(), 303);
    assert_eq!(back(&world, &address, &kept).await.status(), 410, "used up");
    let (address, kept) = there(&world, "/sign-in/by/company").await;
    let mixed = format!("{address}&iss=https://evil.example");
    assert_eq!(back(&world, &mixed, &kept).await.status(), 410, "another provider's answer");
    assert_eq!(world.get("/sign-in/by/nobody", &Key::Nothing).await.status(), 404);
}

#[tokio::test]
async fn what_cannot_be_taken_back_wants_a_fresh_sign_in() {
    let passed = Arc::new(AtomicI64::new(0));
    let (minutes, start) = (passed.clone(), Timestamp::now());
    let (world, provider) = world("", |config| {
        config.clock = Clock::driven(move || {
            start + SignedDuration::from_mins(minutes.load(Ordering::SeqCst))
        });
    })
    .await;
    let key = come_in(&world).await.expect("a session");
    let make = async |key: &Key| {
        world.post("/api/v1/tokens", key, json!({"name": "x", "scopes": ["read"]})).await
    };
    assert_eq!(make(&key).await.status(), 201, "a moment ago");
    passed.store(16, Ordering::SeqCst);
    problem(make(&key).await, 403, "sign-in-too-old").await;
    assert_eq!(world.get("/api/v1/seats", &key).await.status(), 200, "reading goes on");
    let again = world.get("/sign-in/by/company?again=true", &Key::Nothing).await;
    assert!(location(&again).contains("prompt=login"), "{}", location(&again));
    let now = (start + SignedDuration::from_mins(16)).as_second();
    provider.bend(move |_, said| {
        said["auth_time"] = json!(now);
        said["exp"] = json!(now + 300);
    });
    let (address, kept) = there(&world, "/sign-in/by/company?again=true").await;
    let fresh = cookie(&back(&world, &address, &kept).await, "council").expect("a session");
    assert_eq!(make(&Key::Cookie(fresh)).await.status(), 201);
}

async fn exchange(world: &World, account: &str, token: String) -> Response {
    let body = json!({"account": account, "token": token});
    world.post("/api/v1/job-tokens", &Key::Nothing, body).await
}

fn job() -> Value {
    json!({
        "aud": "council-jobs", "repository": "example/playbook", "ref": "refs/heads/main",
        "sub": "repo:example/playbook:ref:refs/heads/main",
    })
}

#[tokio::test]
async fn a_job_gets_a_short_token_of_its_account_and_no_more_than_that() {
    let (world, provider) = world("", |_| {}).await;
    let made = exchange(&world, "pipeline", provider.token(&job())).await;
    assert_eq!(made.status(), 201);
    let made: Value = made.json().await.expect("JSON");
    assert_eq!(made["scopes"], json!(["change", "read"]));
    let expires: Timestamp = made["expires"].as_str().expect("text").parse().expect("a moment");
    let left = expires.duration_since(Timestamp::now()).as_mins();
    assert!((8..=10).contains(&left), "{left} minutes");
    let key = Key::Token(made["token"].as_str().expect("a token").to_owned());
    assert_eq!(world.get("/api/v1/seats", &key).await.status(), 200);
    assert_eq!(world.post("/api/v1/plans", &key, json!({})).await.status(), 200);
    let begun = world.post("/api/v1/changes", &key, json!({"title": "T", "plan": false})).await;
    problem(begun, 403, "denied").await;
    let token = world.post("/api/v1/tokens", &key, json!({"name": "x", "scopes": ["read"]})).await;
    let denied = problem(token, 403, "denied").await;
    assert!(denied["policies"].to_string().contains("service-accounts-decide-nothing"), "{denied}");
    let other = world.token("ana", &["read", "account"]);
    let body = json!({"name": "probe", "scopes": ["read"], "service_account": "pipeline"});
    let owned = world.post("/api/v1/tokens", &other, body.clone()).await;
    assert_eq!(owned.status(), 201, "its owner makes one where there is no such system");
    let cleo = world.token("cleo", &["read", "account"]);
    problem(world.post("/api/v1/tokens", &cleo, body).await, 403, "denied").await;
    let more = json!({"name": "probe", "scopes": ["alert"], "service_account": "pipeline"});
    problem(world.post("/api/v1/tokens", &other, more).await, 403, "denied").await;

    let smaller = ACCOUNT.replace("scopes: [read, change]", "scopes: [read]");
    world.write("accounts.yaml", &smaller);
    turned(&world).await;
    let plan = world.post("/api/v1/plans", &key, json!({})).await;
    problem(plan, 403, "denied").await;
    world.write("accounts.yaml", "");
    turned(&world).await;
    problem(world.get("/api/v1/seats", &key).await, 401, "not-signed-in").await;
}

#[tokio::test]
async fn the_job_of_somebody_else_gets_nothing() {
    let (world, provider) = world("", |_| {}).await;
    let with = |name: &str, value: &str| {
        let mut claims = job();
        claims[name] = json!(value);
        provider.token(&claims)
    };
    let denied = exchange(&world, "pipeline", with("repository", "evil/playbook")).await;
    problem(denied, 403, "denied").await;
    let denied = exchange(&world, "pipeline", with("ref", "refs/tags/x")).await;
    problem(denied, 403, "denied").await;
    for token in [
        with("aud", "somebody-else"),
        with("iss", "https://evil.example"),
        "not a token".to_owned(),
        String::new(),
    ] {
        problem(exchange(&world, "pipeline", token).await, 401, "not-vouched").await;
    }
    let unknown = exchange(&world, "nobody", provider.token(&job())).await;
    problem(unknown, 401, "not-vouched").await;
    provider.sign_with("nobody-s");
    let forged = exchange(&world, "pipeline", provider.token(&job())).await;
    problem(forged, 401, "not-vouched").await;
}

/// A process that ends with the test.
struct Ended(Child);

impl Drop for Ended {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

/// Starts the certified provider of the Node packages; none where it is not installed.
#[expect(clippy::print_stdout, reason = "a test that did not run says so")]
fn real(redirect: &str) -> Option<(Ended, String)> {
    let node = any(&["node"], "sign-in by a real OpenID Connect provider")?;
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let modules = root.join("../../target/tools/node/node_modules");
    if !modules.join("oidc-provider").is_dir() {
        println!(
            "LEFT OUT: sign-in by a real OpenID Connect provider: no `oidc-provider` below target/tools"
        );
        return None;
    }
    let script = root.join("tests/it/vouching/provider.mjs");
    let mut child = Command::new(node)
        .args([script.as_path(), &modules])
        .args([SECRET, redirect])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("a process");
    let output = std::io::BufReader::new(child.stdout.take().expect("a pipe"));
    let child = Ended(child);
    let mut lines = output.lines().map_while(Result::ok);
    let issuer = lines.find(|line| line.starts_with("http://")).expect("an address");
    Some((child, issuer))
}

#[tokio::test]
async fn a_certified_provider_signs_ana_in() {
    let council = council();
    let world = World::configured(&[("council.yaml", &council)], |config| {
        config.variable = |name| (name == "OIDC_SECRET").then(|| SECRET.to_owned());
    })
    .await;
    let Some((_provider, issuer)) = real(&world.url("/sign-in/back/company")) else { return };
    let rules = ", scopes: [email, groups], enter: [{claim: groups, has: staff}]";
    world.write("identity.yaml", &identity(&issuer, rules));
    turned(&world).await;
    let key = come_in(&world).await.expect("a session");
    assert_eq!(world.read("/api/v1/me", &key).await["person"], "ana");
    // A second browser, and a proof that is new.
    let (address, kept) = there(&world, "/sign-in/by/company?again=true").await;
    let answer = back(&world, &address, &kept).await;
    assert!(cookie(&answer, "council").is_some(), "{}", answer.status());
    let out = world.request(Method::DELETE, "/api/v1/sessions", &key).send().await;
    assert_eq!(out.expect("an answer").status(), 204);
    assert_eq!(world.get("/api/v1/me", &key).await.status(), 401);
}
