//! Silences against the real Alertmanager, where one is installed; said loudly where none is.

use std::io::{BufRead as _, BufReader};
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};

use jiff::{Timestamp, ToSpan as _};
use plan::FaultKind;
use serde_json::json;
use systems::alertmanager::{Alertmanager, Matcher, Silence};

/// The names under which distributions install it.
const PROGRAMS: [&str; 2] = ["prometheus-alertmanager", "alertmanager"];

/// A running Alertmanager with an empty store; it ends with the value.
struct Running {
    process: Child,
    address: String,
    _data: tempfile::TempDir,
}

impl Drop for Running {
    fn drop(&mut self) {
        let killed = self.process.kill().and_then(|()| self.process.wait());
        // A panic in a drop would hide what the test itself found.
        drop(killed);
    }
}

/// Starts one; nothing when none is installed.
fn start() -> Option<Running> {
    let data = tempfile::tempdir().expect("a temporary folder");
    let config = data.path().join("config.yaml");
    std::fs::write(&config, "route: {receiver: nobody}\nreceivers: [{name: nobody}]\n")
        .expect("the folder is writable");
    let free = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = free.local_addr().expect("an address").port();
    drop(free);
    let mut process = PROGRAMS.iter().find_map(|program| {
        Command::new(program)
            .arg(format!("--config.file={}", config.display()))
            .arg(format!("--storage.path={}", data.path().join("data").display()))
            .arg(format!("--web.listen-address=127.0.0.1:{port}"))
            .arg("--cluster.listen-address=")
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .ok()
    })?;
    let log = process.stderr.take().expect("its log is read");
    let mut lines = BufReader::new(log).lines();
    let listens = lines.by_ref().map_while(Result::ok).any(|line| {
        let line = line.to_lowercase();
        line.contains("listening on") || line.contains("tls is disabled")
    });
    assert!(listens, "Alertmanager ended before it listened");
    // Somebody has to read on, or it blocks when the pipe is full.
    std::thread::spawn(move || lines.map_while(Result::ok).count());
    Some(Running { process, address: format!("http://127.0.0.1:{port}"), _data: data })
}

fn client() -> reqwest::Client {
    // Whoever comes first installs it; the others find it there.
    let installed = rustls::crypto::ring::default_provider().install_default();
    drop(installed);
    reqwest::Client::new()
}

fn silence(mark: &str) -> Silence {
    let from = Timestamp::now();
    Silence {
        mark: mark.to_owned(),
        matchers: vec![Matcher {
            name: "service".to_owned(),
            value: "checkout".to_owned(),
            is_regex: false,
            is_equal: true,
        }],
        from,
        until: from.checked_add(1.hour()).expect("in range"),
        comment: "The switch restarts.".to_owned(),
    }
}

#[tokio::test]
async fn a_silence_is_made_once_counts_what_it_matches_and_ends() {
    let Some(running) = start() else {
        eprintln!("SKIPPED: no Alertmanager is installed (looked for {})", PROGRAMS.join(", "));
        return;
    };
    let alertmanager = Alertmanager::new(&running.address, client());
    let id = alertmanager.silence(&silence("CHG-2026-0001/0")).await.expect("it is made");
    let again = alertmanager.silence(&silence("CHG-2026-0001/0")).await.expect("it is found");
    assert_eq!(again, id);
    let other = alertmanager.silence(&silence("CHG-2026-0002/0")).await.expect("it is made");
    assert_ne!(other, id);
    assert_eq!(alertmanager.matched(&id).await.expect("it is asked"), 0);
    let alerts = json!([
        { "labels": { "alertname": "Errors", "service": "checkout" } },
        { "labels": { "alertname": "Errors", "service": "search" } },
    ]);
    let sent = client().post(format!("{}/api/v2/alerts", running.address)).json(&alerts).send();
    assert!(sent.await.expect("it answers").status().is_success());
    assert_eq!(alertmanager.matched(&id).await.expect("it is asked"), 1);
    alertmanager.end(&id).await.expect("it ends");
    alertmanager.end(&id).await.expect("ending twice is no error");
    assert_eq!(alertmanager.matched(&id).await.expect("it is asked"), 0);
    // An ended silence is not found again: the next one is a new one.
    let fresh = alertmanager.silence(&silence("CHG-2026-0001/0")).await.expect("it is made");
    assert_ne!(fresh, id);
    alertmanager.end("6f9619ff-8b86-4d01-b42d-00cf4fc964ff").await.expect("nobody misses it");
}

#[tokio::test]
async fn a_silence_of_everything_is_refused() {
    let Some(running) = start() else {
        eprintln!("SKIPPED: no Alertmanager is installed (looked for {})", PROGRAMS.join(", "));
        return;
    };
    let alertmanager = Alertmanager::new(&running.address, client());
    let nothing = Silence { matchers: Vec::new(), ..silence("CHG-2026-0001/0") };
    let fault = alertmanager.silence(&nothing).await.expect_err("it is refused");
    assert!(fault.message.starts_with("Alertmanager refused to make a silence: 4"), "{fault}");
}

#[tokio::test]
async fn an_alertmanager_that_is_not_there_is_said_so() {
    let free = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = format!("http://{}", free.local_addr().expect("an address"));
    drop(free);
    let fault =
        Alertmanager::new(&address, client()).matched("x").await.expect_err("nobody answers");
    assert_eq!(fault.kind, FaultKind::Unreachable);
    assert!(fault.message.contains("is its address right?"), "{fault}");
}
