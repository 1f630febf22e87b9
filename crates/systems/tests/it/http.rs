//! Servers that read files: one of our own that says no, and the real Prometheus.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use plan::execute::End;
use plan::{FaultKind, Target};
use systems::SystemClock;
use systems::target::{Directory, HttpReload, Reload};

use crate::support::{apply, wanted};

fn client() -> reqwest::Client {
    drop(rustls::crypto::ring::default_provider().install_default());
    reqwest::Client::builder().no_proxy().build().unwrap()
}

fn target(root: &Path, url: String, ready: Option<String>) -> Arc<dyn Target> {
    let bearer = Some("canary-token".to_owned().into());
    let reload = Reload::Http(HttpReload { url, ready, bearer, client: client() });
    Arc::new(Directory::new("monitoring", root, Some(reload), Arc::new(SystemClock)))
}

/// A server that wants the token, and refuses the second reload.
async fn server() -> (String, Arc<AtomicU32>) {
    let count = Arc::new(AtomicU32::new(0));
    let reload = |State(count): State<Arc<AtomicU32>>, headers: HeaderMap| async move {
        if headers.get("authorization").is_none_or(|value| value != "Bearer canary-token") {
            return (StatusCode::UNAUTHORIZED, "who are you?");
        }
        match count.fetch_add(1, Ordering::SeqCst) {
            1 => (StatusCode::INTERNAL_SERVER_ERROR, "line 3: no such field"),
            _ => (StatusCode::OK, ""),
        }
    };
    let router = Router::new().route("/-/reload", post(reload)).with_state(count.clone());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/-/reload", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    (url, count)
}

#[tokio::test]
async fn a_reload_that_the_server_refuses_is_a_fault_in_the_servers_words() {
    let root = tempfile::tempdir().unwrap();
    let (url, count) = server().await;
    let target = target(root.path(), url, None);
    let (plan, outcome) = apply(&target, &wanted("monitoring", "file", &[("a.yaml", "1")])).await;
    assert_eq!(outcome.end, End::Done, "{}", outcome.sentence(&plan));
    let (plan, outcome) = apply(&target, &wanted("monitoring", "file", &[("a.yaml", "2")])).await;
    let sentence = outcome.sentence(&plan);
    assert!(sentence.contains("500 Internal Server Error: line 3: no such field"), "{sentence}");
    assert!(!sentence.contains("canary"), "{sentence}");
    assert_eq!(count.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn a_server_that_is_away_is_unreachable() {
    let root = tempfile::tempdir().unwrap();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/-/reload", listener.local_addr().unwrap());
    drop(listener);
    let target = target(root.path(), url, None);
    let (_, outcome) = apply(&target, &wanted("monitoring", "file", &[("a.yaml", "1")])).await;
    let End::Failed { fault, .. } = outcome.end else { panic!("{outcome:?}") };
    assert_eq!(fault.kind, FaultKind::Unreachable, "{fault}");
}

/// Prometheus, ended with the test.
struct Prometheus {
    child: Child,
    url: String,
}

impl Drop for Prometheus {
    fn drop(&mut self) {
        self.child.kill().expect("it was started here");
        self.child.wait().expect("it was started here");
    }
}

impl Prometheus {
    /// None where it is not installed, which is said.
    async fn start(root: &Path) -> Option<Self> {
        if Command::new("prometheus").arg("--version").output().is_err() {
            println!(
                "PASSED OVER: `prometheus` is not installed; the reload was not tried against it"
            );
            return None;
        }
        let port = {
            let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
            listener.local_addr().unwrap().port()
        };
        let child = Command::new("prometheus")
            .arg(format!("--config.file={}", root.join("prometheus.yml").display()))
            .arg(format!("--storage.tsdb.path={}", root.join("data").display()))
            .arg(format!("--web.listen-address=127.0.0.1:{port}"))
            .arg("--web.enable-lifecycle")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let server = Self { child, url: format!("http://127.0.0.1:{port}") };
        let ready = format!("{}/-/ready", server.url);
        let started = tokio::time::Instant::now();
        while !client().get(&ready).send().await.is_ok_and(|answer| answer.status().is_success()) {
            assert!(started.elapsed().as_secs() < 60, "prometheus does not start");
            tokio::task::yield_now().await;
        }
        Some(server)
    }

    async fn config(&self) -> String {
        let url = format!("{}/api/v1/status/config", self.url);
        client().get(url).send().await.unwrap().text().await.unwrap()
    }
}

#[tokio::test]
async fn prometheus_takes_a_good_configuration_and_says_what_is_wrong_with_a_bad_one() {
    let root = tempfile::tempdir().unwrap();
    std::fs::write(root.path().join("prometheus.yml"), "rule_files: [rules/*.yaml]\n").unwrap();
    let Some(prometheus) = Prometheus::start(root.path()).await else { return };
    let reload = format!("{}/-/reload", prometheus.url);
    let ready = format!("{}/-/ready", prometheus.url);
    let target = target(&root.path().join("rules"), reload, Some(ready));

    let good = "groups:\n- name: council\n  rules:\n  - record: council:up\n    expr: up\n";
    let (plan, outcome) =
        apply(&target, &wanted("monitoring", "file", &[("slo.yaml", good)])).await;
    assert_eq!(outcome.end, End::Done, "{}", outcome.sentence(&plan));
    let rules = format!("{}/api/v1/rules", prometheus.url);
    let rules = client().get(rules).send().await.unwrap().text().await.unwrap();
    assert!(rules.contains("council:up"), "{rules}");

    let bad = "groups:\n- name: council\n  rules:\n  - record: council:up\n    expr: up{{{\n";
    let (plan, outcome) = apply(&target, &wanted("monitoring", "file", &[("slo.yaml", bad)])).await;
    let End::Failed { fault, .. } = &outcome.end else { panic!("{outcome:?}") };
    assert_eq!(fault.kind, FaultKind::Failed);
    assert!(fault.message.contains("failed to reload config"), "{fault}");
    println!("prometheus said: {}", outcome.sentence(&plan));

    let (plan, outcome) =
        apply(&target, &wanted("monitoring", "file", &[("slo.yaml", good)])).await;
    assert_eq!(outcome.end, End::Done, "back to what was good: {}", outcome.sentence(&plan));
    assert!(prometheus.config().await.contains("rules/*.yaml"));
}
