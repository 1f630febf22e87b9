//! Alerts that are sent again and again, as Prometheus does, to council and to Debian's Alertmanager in one run.

use std::fmt::Write as _;
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};

use crate::bench::http::Connection;
use crate::bench::startup::{Server, tempdir};
use crate::bench::{Effort, Figure};

/// Alerts that fire all the time.
const ACTIVE: usize = 10_000;
/// Alerts of one request, as Prometheus sends them.
const BATCH: usize = 64;
/// Senders: a pair of Prometheus servers, each with a few requests under way.
const SENDERS: usize = 4;
/// Milliseconds that the slowest request of a hundred may take.
const MAX_P99: f64 = 20.0;

/// Sends the same alerts for some cycles.
pub(crate) fn run(root: &Path, council: &Path, effort: Effort) -> anyhow::Result<Vec<Figure>> {
    let cycles = match effort {
        Effort::Full => 20,
        Effort::Quick => 3,
    };
    let server = Server::start(root, council)?;
    let mut first = Connection::open(server.address, "")?;
    let answer = first.post_form(&server.sign_in, "person=ana")?;
    ensure!((300..400).contains(&answer.status), "signing in answered {}", answer.status);
    let ours = measure(server.address, first.cookie(), cycles)?;
    let theirs = match Peer::start(root)? {
        Some(peer) => Some(measure(peer.address, "", cycles)?.0),
        None => None,
    };
    let figure = |name: &str, value: f64, unit: &str, peer: Option<(&str, f64)>| Figure {
        name: name.to_owned(),
        value,
        unit: unit.to_owned(),
        peer: peer.map(|(peer, _)| peer.to_owned()),
        peer_value: peer.map(|(_, value)| value),
    };
    let peer = theirs.map(|rate| ("Debian's Alertmanager", rate));
    Ok(vec![
        figure("10,000 active alerts, sent again", ours.0, "alerts/s", peer),
        figure("a request of 64 of them, p99", ours.1, "ms", Some(("wanted at most", MAX_P99))),
    ])
}

/// Alerts a second, and the 99th percentile of a request in milliseconds, once all of them are known.
fn measure(address: SocketAddr, cookie: &str, cycles: usize) -> anyhow::Result<(f64, f64)> {
    send(address, cookie, 1)?;
    let begin = Instant::now();
    let mut times = send(address, cookie, cycles)?;
    let rate = f64::from(u32::try_from(ACTIVE * cycles)?) / begin.elapsed().as_secs_f64();
    times.sort();
    let p99 = times.get(times.len() * 99 / 100).context("nothing was sent")?;
    Ok((rate, p99.as_secs_f64() * 1e3))
}

fn send(address: SocketAddr, cookie: &str, cycles: usize) -> anyhow::Result<Vec<Duration>> {
    let senders: Vec<_> = (0..SENDERS)
        .map(|sender| {
            let cookie = cookie.to_owned();
            std::thread::spawn(move || -> anyhow::Result<Vec<Duration>> {
                let mut connection = Connection::open(address, &cookie)?;
                let mine = (sender * BATCH..ACTIVE).step_by(BATCH * SENDERS);
                let bodies: Vec<String> = mine.map(batch).collect();
                let mut times = Vec::new();
                for body in bodies.iter().cycle().take(bodies.len() * cycles) {
                    let begin = Instant::now();
                    let answer = connection.post_json("/api/v2/alerts", body)?;
                    ensure!(answer.status == 200, "alerts were answered with {}", answer.status);
                    times.push(begin.elapsed());
                }
                Ok(times)
            })
        })
        .collect();
    let mut times = Vec::new();
    for sender in senders {
        times.extend(sender.join().map_err(|_| anyhow::anyhow!("a sender panicked"))??);
    }
    Ok(times)
}

fn batch(first: usize) -> String {
    let mut body = String::from("[");
    for number in first..(first + BATCH).min(ACTIVE) {
        let comma = if number == first { "" } else { "," };
        let service = number % 500;
        let written = write!(
            body,
            r#"{comma}{{"labels":{{"alertname":"HighLatency","service":"s-{service}","pod":"p-{number}","severity":"ticket","site":"ber","job":"web"}},"annotations":{{"summary":"The 99th percentile is above a second"}},"startsAt":"2026-01-01T00:00:00Z","endsAt":"2099-01-01T00:00:00Z","generatorURL":"http://prometheus.example/graph"}}"#
        );
        written.expect("BUG: writing to a string cannot fail");
    }
    body.push(']');
    body
}

/// Debian's Alertmanager.
struct Peer {
    child: Child,
    address: SocketAddr,
    data: tempdir::Scratch,
}

impl Drop for Peer {
    fn drop(&mut self) {
        // Already gone is as good as ended.
        drop(self.child.kill());
        drop(self.child.wait());
        self.data.remove();
    }
}

impl Peer {
    /// Starts it on a free port; nothing when it is not installed.
    fn start(root: &Path) -> anyhow::Result<Option<Self>> {
        let data = tempdir::Scratch::make(root)?;
        let config = data.path.join("alertmanager.yml");
        std::fs::write(&config, "route: {receiver: none}\nreceivers: [{name: none}]\n")?;
        let address = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        let child = Command::new("prometheus-alertmanager")
            .arg(format!("--config.file={}", config.display()))
            .arg(format!("--storage.path={}", data.path.display()))
            .arg(format!("--web.listen-address={address}"))
            .arg("--cluster.listen-address=")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        let Ok(child) = child else { return Ok(None) };
        let peer = Self { child, address, data };
        for _ in 0..100 {
            if let Ok(mut connection) = Connection::open(address, "") {
                let answer = connection.get("/-/ready")?;
                ensure!(answer.status == 200, "Alertmanager answered {}", answer.status);
                return Ok(Some(peer));
            }
            std::thread::park_timeout(Duration::from_millis(100));
        }
        anyhow::bail!("Alertmanager did not begin to answer within ten seconds")
    }
}
