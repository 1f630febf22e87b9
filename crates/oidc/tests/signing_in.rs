//! Signing in by a provider that is honest, and by one that lies.

mod provider;

use jiff::Timestamp;
use oidc::{Attempt, Claims, Client, Provider, Returned, Trouble};
use provider::{CLIENT, SECRET, TestProvider};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::{Value, json};

/// The moment of all tests.
const NOW: i64 = 1_800_000_000;

fn now() -> Timestamp {
    Timestamp::from_second(NOW).expect("a moment")
}

fn http() -> reqwest::Client {
    // Whoever installed one before has chosen.
    drop(rustls::crypto::ring::default_provider().install_default());
    let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy();
    client.build().expect("a client")
}

struct Scene {
    liar: TestProvider,
    provider: Provider,
    client: Client,
}

impl Scene {
    async fn start() -> Self {
        let liar = TestProvider::start(NOW).await;
        let provider = Provider::new(&liar.issuer, http()).expect("a provider");
        let client = Client {
            id: CLIENT.to_owned(),
            secret: Some(SecretString::from(SECRET)),
            redirect: "http://127.0.0.1:1/back".to_owned(),
            scopes: vec!["email".to_owned()],
        };
        Self { liar, provider, client }
    }

    /// Goes to the provider as a browser does, and returns what it brings back.
    async fn there(&self) -> (Attempt, Returned) {
        let begun = self.provider.begin(&self.client, false, now()).await.expect("a beginning");
        let answer = http().get(&begun.address).send().await.expect("an answer");
        let location = answer.headers()["location"].to_str().expect("text").to_owned();
        let part = |name: &str| {
            let (_, rest) = location.split_once(&format!("{name}=")).expect("a part");
            SecretString::from(rest.split('&').next().expect("a value"))
        };
        (begun.attempt, Returned { code: part("code"), state: part("state") })
    }

    async fn sign_in(&self) -> Result<Claims, Trouble> {
        let (attempt, returned) = self.there().await;
        self.provider.finish(&self.client, &attempt, &returned, now()).await
    }

    #[track_caller]
    fn refuses(&self, what: &str) -> impl Future<Output = ()> {
        let caller = std::panic::Location::caller();
        async move {
            let answer = self.sign_in().await;
            let refused =
                matches!(&answer, Err(Trouble::Refused(why)) if why.to_lowercase().contains(what));
            assert!(refused, "at {caller}: {answer:?}");
        }
    }
}

#[tokio::test]
async fn an_honest_provider_is_believed_and_each_attempt_is_another() {
    let scene = Scene::start().await;
    let claims = scene.sign_in().await.expect("claims");
    assert_eq!(claims.text("email").as_deref(), Some("ana@example.org"));
    let (first, _) = scene.there().await;
    let (second, _) = scene.there().await;
    assert_ne!(first.state.expose_secret(), second.state.expose_secret());
    assert_ne!(first.nonce.expose_secret(), second.nonce.expose_secret());
    assert_ne!(first.verifier.expose_secret(), second.verifier.expose_secret());
    assert_eq!(scene.liar.keys_asked(), 1, "keys are kept");
}

#[tokio::test]
async fn what_a_lying_provider_or_somebody_in_its_name_says_is_not_believed() {
    type Lie = (&'static str, fn(&mut Value, &mut Value));
    let lies: [Lie; 8] = [
        ("issuer", |_, said| said["iss"] = json!("https://evil.example")),
        ("audience", |_, said| said["aud"] = json!("somebody-else")),
        ("audience", |_, said| said["aud"] = json!([CLIENT, "somebody-else"])),
        ("expired", |_, said| said["exp"] = json!(NOW - 1)),
        ("future", |_, said| said["iat"] = json!(NOW + 3_600)),
        ("nonce", |_, said| said["nonce"] = json!("of-another")),
        ("nonce", |_, said| said["nonce"] = Value::Null),
        ("alg", |header, _| header["alg"] = json!("HS256")),
    ];
    for (what, lie) in lies {
        let scene = Scene::start().await;
        scene.liar.bend(lie);
        scene.refuses(what).await;
    }
    let scene = Scene::start().await;
    scene.liar.bend(|header, _| header["alg"] = json!("none"));
    assert!(scene.sign_in().await.is_err(), "a token without a signature");
}

#[tokio::test]
async fn a_token_is_for_the_browser_and_the_sign_in_that_asked_for_it() {
    let scene = Scene::start().await;
    let (attempt, mut returned) = scene.there().await;
    returned.state = SecretString::from("made-up");
    let answer = scene.provider.finish(&scene.client, &attempt, &returned, now()).await;
    assert!(matches!(answer, Err(Trouble::Refused(_))), "another state: {answer:?}");
    // A code that was caught on its way is of no use without the verifier.
    let (mut attempt, returned) = scene.there().await;
    attempt.verifier = SecretString::from("a".repeat(43));
    let answer = scene.provider.finish(&scene.client, &attempt, &returned, now()).await;
    assert!(matches!(answer, Err(Trouble::Denied(_))), "another verifier: {answer:?}");
    let (attempt, returned) = scene.there().await;
    scene.provider.finish(&scene.client, &attempt, &returned, now()).await.expect("claims");
    let again = scene.provider.finish(&scene.client, &attempt, &returned, now()).await;
    assert!(matches!(again, Err(Trouble::Denied(_))), "used twice: {again:?}");
}

#[tokio::test]
async fn keys_that_were_rotated_are_fetched_once_and_made_up_ones_do_not_make_us_knock() {
    let scene = Scene::start().await;
    scene.sign_in().await.expect("claims");
    scene.liar.rotate("second");
    let early = scene.sign_in().await;
    assert!(early.is_err(), "keys were asked for a moment ago: {early:?}");
    let later = now() + jiff::SignedDuration::from_secs(31);
    let token = scene.liar.token(&json!({}));
    scene.provider.vouches(&token, CLIENT, later).await.expect("the new key is found");
    assert_eq!(scene.liar.keys_asked(), 2);
    scene.liar.sign_with("nobody-s");
    for _ in 0..50 {
        let token = scene.liar.token(&json!({}));
        assert!(scene.provider.vouches(&token, CLIENT, later).await.is_err());
    }
    assert_eq!(scene.liar.keys_asked(), 2, "fifty made-up tokens are no reason to ask");
}

#[tokio::test]
async fn a_sign_in_that_must_be_new_says_when_it_was() {
    let scene = Scene::start().await;
    let begin = || scene.provider.begin(&scene.client, true, now());
    let finish = async || {
        let begun = begin().await.expect("a beginning");
        assert!(begun.address.contains("prompt=login"), "{}", begun.address);
        let answer = http().get(&begun.address).send().await.expect("an answer");
        let location = answer.headers()["location"].to_str().expect("text").to_owned();
        let (_, rest) = location.split_once("code=").expect("a code");
        let (code, state) = rest.split_once("&state=").expect("a state");
        let returned =
            Returned { code: SecretString::from(code), state: SecretString::from(state) };
        scene.provider.finish(&scene.client, &begun.attempt, &returned, now()).await
    };
    assert!(finish().await.is_err(), "a provider that does not say when");
    scene.liar.bend(|_, said| said["auth_time"] = json!(NOW - 3_600));
    assert!(finish().await.is_err(), "an hour ago is not anew");
    scene.liar.bend(|_, said| said["auth_time"] = json!(NOW - 20));
    finish().await.expect("claims");
}

#[tokio::test]
async fn a_provider_that_is_away_or_another_one_is_told_apart() {
    let scene = Scene::start().await;
    let away = Provider::new("http://127.0.0.1:1", http()).expect("a provider");
    let answer = away.begin(&scene.client, false, now()).await;
    assert!(answer.is_err_and(|trouble| trouble.is_retryable()), "nobody listens there");
    // The document under one address names another issuer.
    let other = scene.liar.issuer.replace("127.0.0.1", "localhost");
    let other = Provider::new(&other, http()).expect("a provider");
    assert!(other.begin(&scene.client, false, now()).await.is_err());
    assert!(Provider::new("not an address", http()).is_err());
}
