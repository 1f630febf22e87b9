//! Clients against fakes that answer like the forges, and check every request against what the vendors publish.

mod fake;
mod jenkins;

use gitops::pr::{Identity, Verdict};
use reqwest::Client;
use secrecy::SecretString;

use super::*;
use fake::{Fake, Rules};

const MARKER: &str = "<!-- marker -->";

fn connection(fake: &Fake, base: &str) -> Connection {
    drop(rustls::crypto::ring::default_provider().install_default());
    let client = Client::builder().no_proxy().build().expect("a client");
    Connection::new(&format!("{}{base}", fake.url), SecretString::from("t0ken"), client)
}

fn forge(fake: &Fake, system: &str) -> Forge {
    let base = match system {
        "gitlab" => "/api/v4",
        "gitea" | "forgejo" => "/api/v1",
        _ => "",
    };
    Forge::of(system, connection(fake, base), "acme/infra").expect("a forge")
}

fn said(reviews: &[Review]) -> Vec<(&str, Verdict, Option<&str>)> {
    reviews
        .iter()
        .map(|review| (review.by.name.as_str(), review.verdict, review.commit.as_deref()))
        .collect()
}

fn status() -> Status {
    Status {
        state: StatusState::Failure,
        name: "council/pr".to_owned(),
        description: "x".repeat(300),
        url: Some("https://council.example.org/changes/7".to_owned()),
    }
}

#[tokio::test]
async fn pull_requests_of_all_forges_come_in_one_shape() {
    for (rules, system) in Rules::ALL {
        let fake = Fake::start(rules).await;
        let found = forge(&fake, system).pull_request(7).await.expect("it is there");
        let expected = PullRequest {
            number: 7,
            title: "Raise the MTU".to_owned(),
            description: "## Risk\nNone.".to_owned(),
            branch: "feat/network-mtu".to_owned(),
            base: "main".to_owned(),
            head: "abc".to_owned(),
            author: Some(Identity::on(system, "eve")),
            is_draft: false,
            stage: Stage::Merged(Some("def".to_owned())),
        };
        assert_eq!(found, expected, "{system}");
        let open = forge(&fake, system).open_requests().await.expect("a list");
        let open: Vec<_> = open.iter().map(|it| (it.number, it.is_draft, &it.stage)).collect();
        assert_eq!(open, [(7, false, &Stage::Open), (8, true, &Stage::Open)], "{system}");
        fake.complains_about_nothing();
    }
}

#[tokio::test]
async fn reviews_come_with_verdict_and_commit() {
    for (rules, system) in Rules::ALL {
        let fake = Fake::start(rules).await;
        let reviews = forge(&fake, system).reviews(7).await.expect("they are there");
        let found = said(&reviews);
        assert!(found.contains(&("ana", Verdict::Approved, Some("abc"))), "{system} {found:?}");
        let refused = found.iter().find(|(by, ..)| *by == "ben").map(|(_, verdict, _)| *verdict);
        assert_eq!(refused, Some(Verdict::ChangesRequested), "{system}");
        assert!(!found.iter().any(|(by, ..)| *by == "pending"), "{system} {found:?}");
        fake.complains_about_nothing();
    }
}

#[tokio::test]
async fn a_status_is_set_within_what_the_forge_takes() {
    for (rules, system) in Rules::ALL {
        let fake = Fake::start(rules).await;
        forge(&fake, system).set_status("abc", &status()).await.expect("it is set");
        let sent = fake.sent("/statuses/abc");
        let state = if system == "gitlab" { "failed" } else { "failure" };
        assert!(sent.contains(state), "{system}: {sent}");
        assert!(!sent.contains(&"x".repeat(256)), "{system}: {sent}");
        fake.complains_about_nothing();
    }
}

#[tokio::test]
async fn a_comment_is_made_once_and_then_replaces_itself() {
    for (rules, system) in Rules::ALL {
        let fake = Fake::start(rules).await;
        let forge = forge(&fake, system);
        let (first, second) = (format!("{MARKER}\none"), format!("{MARKER}\ntwo"));
        assert_eq!(forge.comment(7, MARKER, &first).await.expect("made"), Posted::Made);
        assert_eq!(forge.comment(7, MARKER, &first).await.expect("same"), Posted::Unchanged);
        assert_eq!(forge.comment(7, MARKER, &second).await.expect("new"), Posted::Replaced);
        let comments = fake.comments();
        assert_eq!(comments.len(), 2, "somebody's own and ours: {system} {comments:?}");
        assert_eq!(comments.last(), Some(&second));
        fake.complains_about_nothing();
    }
}

#[tokio::test]
async fn refusals_garbage_and_silence_are_told_apart_without_the_token() {
    for (rules, system) in Rules::ALL {
        let fake = Fake::start(rules).await;
        let (forge, reconnect) = (forge(&fake, system), forge);
        fake.fail_with(503, "maintenance");
        let refused = forge.pull_request(7).await.expect_err("a refusal");
        assert!(matches!(refused, ForgeError::Refused { .. }) && refused.is_retryable());
        assert!(refused.to_string().contains("maintenance"), "{refused}");
        fake.fail_with(403, "no");
        assert!(!forge.pull_request(7).await.expect_err("a refusal").is_retryable());
        fake.fail_with(200, "<html>");
        let garbage = forge.reviews(7).await.expect_err("garbage");
        assert!(matches!(garbage, ForgeError::Garbage { .. }), "{garbage:?}");
        fake.fail_with(200, &"[".repeat(9 << 20));
        let huge = forge.pull_request(7).await.expect_err("too much");
        assert!(huge.to_string().contains("more than 8 MiB"), "{huge}");
        let silent = Fake::nowhere();
        let unreachable = reconnect(&silent, system).pull_request(7).await;
        let unreachable = unreachable.expect_err("nobody answers");
        assert!(unreachable.is_retryable());
        for error in [refused, garbage, huge, unreachable] {
            assert!(!format!("{error} {error:?}").contains("t0ken"), "{error:?}");
        }
    }
}

#[tokio::test]
async fn a_list_without_end_is_said_and_not_cut() {
    let fake = Fake::start(Rules::GitHub).await;
    let whole = serde_json::Value::from(vec![1; http::PAGE]);
    fake.fail_with(200, &whole.to_string());
    let connection = connection(&fake, "");
    let call = |_| connection.call(reqwest::Method::GET, "/reviews", "to read reviews");
    let error = http::all::<u8>(call).await.expect_err("no end");
    let words = "the forge has more than 2000 items to read reviews, and no more are read";
    assert_eq!((error.to_string().as_str(), error.is_retryable()), (words, false));
}

#[test]
fn a_system_that_is_no_forge_is_none() {
    let client = || {
        drop(rustls::crypto::ring::default_provider().install_default());
        Connection::new("http://localhost", SecretString::from("x"), Client::new())
    };
    assert!(Forge::of("jenkins", client(), "a/b").is_none());
    assert!(Forge::of("forgejo", client(), "a/b").is_some());
}
