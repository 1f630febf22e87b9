//! The same calls to a real Prometheus and a real VictoriaMetrics, where they are installed (Debian packages `prometheus` and
//! `victoria-metrics`).

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

/// Starts a VictoriaMetrics on a free port, and waits until it answers.
async fn start_victoria() -> Option<(Server, String)> {
    let folder = tempfile::tempdir().unwrap();
    let free = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = free.local_addr().unwrap();
    drop(free);
    let process = Command::new("victoria-metrics")
        .arg(format!("-storageDataPath={}", folder.path().display()))
        .arg(format!("-httpListenAddr={address}"))
        .args(["-retentionPeriod=2y", "-memory.allowedBytes=64MB"])
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn();
    let Ok(mut process) = process else {
        println!(
            "LEFT OUT: no `victoria-metrics` here (Debian package `victoria-metrics`): the client met no real one"
        );
        return None;
    };
    let mut lines = BufReader::new(process.stderr.take().unwrap()).lines();
    while let Some(line) = lines.next_line().await.unwrap() {
        if line.contains("pprof handlers are exposed") {
            break;
        }
    }
    drop(tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} }));
    // It says that it begins to listen, and begins a moment later.
    while tokio::net::TcpStream::connect(address).await.is_err() {
        assert!(process.try_wait().unwrap().is_none(), "it ended");
        tokio::task::yield_now().await;
    }
    let base = format!("http://{address}");
    let prometheus = Prometheus::new(&base, client());
    Some((Server { prometheus, _process: process, _folder: folder }, base))
}

#[tokio::test]
async fn a_real_victoria_metrics_answers_at_the_moments_that_were_asked_for() {
    let Some((server, base)) = start_victoria().await else { return };
    // Five hours of a sample a minute: more than 50 points, of which it moves the moments if they are no multiples of the step.
    let now = Timestamp::now().as_second();
    let end = Timestamp::from_second(now - now.rem_euclid(300)).unwrap();
    let minutes = (0..=300).map(|minute| end - SignedDuration::from_mins(minute));
    let lines: String = minutes
        .map(|at| format!("slo:sli_errors:rate5m{{slo=\"x\"}} 0.5 {}\n", at.as_millisecond()))
        .collect();
    let http = client();
    let written = http.post(format!("{base}/api/v1/import/prometheus")).body(lines).send().await;
    assert!(written.unwrap().status().is_success());
    let flushed = http.get(format!("{base}/internal/force_flush")).send().await;
    assert!(flushed.unwrap().status().is_success());

    let step = SignedDuration::from_mins(5);
    let range = (end - SignedDuration::from_mins(290), end);
    let query = "sum(avg_over_time(slo:sli_errors:rate5m{slo=\"x\"}[5m]))";
    let found = server.prometheus.range(query, range, step).await.unwrap();
    let wanted = (0..=58).map(|number| (range.0 + step * number, 0.5));
    assert_eq!(found.samples, wanted.collect::<Vec<_>>());
    assert!(found.warnings.is_empty(), "{:?}", found.warnings);
    let refused = server.prometheus.range("sum(", range, step).await.expect_err("no PromQL");
    assert!(matches!(refused, PrometheusError::Refused { .. }), "{refused}");
}
