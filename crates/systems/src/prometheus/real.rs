//! The same calls to a real Prometheus, where one is installed (Debian package `prometheus`).

use std::process::Stdio;

use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};

use super::tests::{ask, client};
use super::*;

/// A running server; it ends with the test.
struct Server {
    prometheus: Prometheus,
    _process: Child,
    _folder: tempfile::TempDir,
}

/// Starts one on a port of its choice, and waits for its own word that it is ready.
async fn start() -> Option<Server> {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("prometheus.yml");
    std::fs::write(&config, "global: {}\n").unwrap();
    let process = Command::new("prometheus")
        .arg(format!("--config.file={}", config.display()))
        .arg(format!("--storage.tsdb.path={}", folder.path().join("data").display()))
        .arg("--web.listen-address=127.0.0.1:0")
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn();
    let Ok(mut process) = process else {
        println!(
            "LEFT OUT: no `prometheus` here (Debian package `prometheus`): the client met no real one"
        );
        return None;
    };
    let mut lines = BufReader::new(process.stderr.take().unwrap()).lines();
    let mut address = None;
    while let Some(line) = lines.next_line().await.unwrap() {
        if line.contains("Listening on") {
            address = line.split_once("address=").map(|(_, address)| address.trim().to_owned());
        }
        if line.contains("Server is ready") {
            break;
        }
    }
    // Whoever stops reading makes the server wait when the pipe is full.
    drop(tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} }));
    let base = format!("http://{}", address.expect("it says where it listens"));
    Some(Server {
        prometheus: Prometheus::new(&base, client()),
        _process: process,
        _folder: folder,
    })
}

#[tokio::test]
async fn a_real_prometheus_answers_as_we_read_it() {
    let Some(server) = start().await else { return };
    let from: Timestamp = "2026-11-22T10:00:00Z".parse().unwrap();
    let range = (from, from + SignedDuration::from_mins(10));
    let step = SignedDuration::from_mins(5);
    let found = server.prometheus.range("vector(0.5)", range, step).await.unwrap();
    let minutes = [0, 5, 10].map(|minute| (from + SignedDuration::from_mins(minute), 0.5));
    assert_eq!(found.samples, minutes);
    assert_eq!(ask(&server.prometheus).await.unwrap(), Found::default());

    let refused = server.prometheus.range("sum(", range, step).await.expect_err("no PromQL");
    assert!(matches!(refused, PrometheusError::Refused { .. }), "{refused}");
    let too_many = server.prometheus.range("vector(1)", range, SignedDuration::from_secs(0)).await;
    assert!(matches!(too_many, Err(PrometheusError::Refused { .. })), "{too_many:?}");
}
