//! TLS with a certificate and key from files.

use server::workers::{Phase, WorkerStatus};
use server::{StartError, TlsFiles};

use crate::support::{World, install_provider, write};

/// A certificate for `localhost` and its key, made for this test and trusted by nobody else.
const CERTIFICATE: &str = include_str!("tls/certificate.pem");
const KEY: &str = include_str!("tls/key.pem");

#[tokio::test]
async fn a_server_with_a_certificate_speaks_https_and_says_so() {
    let files = tempfile::tempdir().expect("a directory");
    let (certificate, key) = (files.path().join("certificate.pem"), files.path().join("key.pem"));
    write(&certificate, CERTIFICATE);
    write(&key, KEY);
    install_provider();
    let world = World::configured(&[("council.yaml", crate::support::COUNCIL)], |config| {
        config.tls = Some(TlsFiles { certificate, key });
    })
    .await;
    assert!(world.running.sign_in_link.starts_with("https://"), "{}", world.running.sign_in_link);
    let trusted = reqwest::Certificate::from_pem(CERTIFICATE.as_bytes()).expect("a certificate");
    let client = reqwest::Client::builder()
        .tls_certs_only([trusted])
        .resolve("localhost", world.running.address)
        .no_proxy()
        .build()
        .expect("a client");
    let url = format!("https://localhost:{}/healthz", world.running.address.port());
    let answer = client.get(url).send().await.expect("an answer");
    assert_eq!(answer.status(), 200);
    assert!(answer.headers().contains_key("strict-transport-security"));
}

/// The same after its renewal.
const RENEWED: &str = include_str!("tls/renewed-certificate.pem");
const RENEWED_KEY: &str = include_str!("tls/renewed-key.pem");

/// Waits until the worker has looked at the files as they are now, and says how it went.
async fn looked(world: &World) -> Phase {
    let board = world.running.state.board();
    let status = || {
        let statuses = board.statuses();
        statuses.into_iter().find(|status| status.name == "certificate").expect("the worker")
    };
    let before = status().turns;
    loop {
        let found: WorkerStatus = status();
        // A turn that had begun before the files changed does not count, hence two.
        if found.turns >= before + 2 && found.phase != Phase::Working {
            return found.phase;
        }
        board.nudge("certificate");
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_renewed_certificate_is_taken_up_and_a_broken_one_is_not() {
    let files = tempfile::tempdir().expect("a directory");
    let (certificate, key) = (files.path().join("certificate.pem"), files.path().join("key.pem"));
    write(&certificate, CERTIFICATE);
    write(&key, KEY);
    install_provider();
    let tls = TlsFiles { certificate: certificate.clone(), key: key.clone() };
    let world = World::configured(&[("council.yaml", crate::support::COUNCIL)], |config| {
        config.tls = Some(tls);
    })
    .await;
    let answers = |trusted: &'static str| {
        let trusted = reqwest::Certificate::from_pem(trusted.as_bytes()).expect("a certificate");
        let client = reqwest::Client::builder()
            .tls_certs_only([trusted])
            .resolve("localhost", world.running.address)
            .no_proxy()
            .build()
            .expect("a client");
        let url = format!("https://localhost:{}/healthz", world.running.address.port());
        async move { client.get(url).send().await.is_ok() }
    };
    // A certificate without its key is what one sees in the middle of a renewal.
    write(&certificate, RENEWED);
    assert_eq!(looked(&world).await, Phase::Failed, "the board says so");
    assert!(answers(CERTIFICATE).await, "the pair that fits goes on");
    write(&key, RENEWED_KEY);
    assert_ne!(looked(&world).await, Phase::Failed);
    assert!(answers(RENEWED).await, "the new one is used");
    assert!(!answers(CERTIFICATE).await, "by everybody who comes now");
}

#[tokio::test]
async fn a_key_that_does_not_fit_is_a_clear_error() {
    let directory = tempfile::tempdir().expect("a directory");
    let certificate = directory.path().join("certificate.pem");
    write(&certificate, CERTIFICATE);
    let mut config = server::Config::local(directory.path(), directory.path().join("data"));
    config.tls = Some(TlsFiles { certificate: certificate.clone(), key: certificate });
    let vocabulary = std::sync::Arc::new(playbook::Vocabulary::new());
    let error = server::start(config, vocabulary).await.expect_err("a refusal");
    assert!(matches!(error, StartError::Tls { .. }), "{error}");
    assert!(error.to_string().contains("certificate.pem"), "{error}");
}
