//! Every page of the example at a steady rate, signed in: as long as the server took, by its own histogram, and as long as the
//! client waited, from when each request was due. The two differ by what the machine gives neither of them.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};

use crate::bench::http::Connection;
use crate::bench::startup::Server;
use crate::bench::{Effort, Figure};

/// Requests per second, over all connections.
const RATE: u32 = 200;
/// Milliseconds at the 99th percentile below which a page feels like paper.
const MAX_P99: f64 = 10.0;
/// Connections: a page that is slow must not hold back the others' requests.
const CONNECTIONS: u32 = 8;
/// An answer for which nothing is computed: what the machine and the client take of each figure.
const FLOOR: &str = "/healthz";
/// Pages that a person reaches from the navigation, and one of each sort that these lead to.
const PAGES: [&str; 32] = [
    "/",
    "/seats",
    "/seats/platform",
    "/people",
    "/people/ana",
    "/raci",
    "/decisions",
    "/rituals",
    "/questions",
    "/feedback",
    "/actions",
    "/changes",
    "/freezes",
    "/drift",
    "/fleet",
    "/inventory",
    "/objectives",
    "/incidents",
    "/on-call",
    "/alerts",
    "/silences",
    "/runbooks",
    "/trends",
    "/status",
    "/playbook",
    "/playbook/chapter/platform",
    "/diagnostics",
    "/who?q=vlan",
    "/ledger",
    "/calendars",
    "/account",
    "/palette.json",
];

/// Measures each page for some seconds.
pub(crate) fn run(root: &Path, council: &Path, effort: Effort) -> anyhow::Result<Vec<Figure>> {
    let seconds = match effort {
        Effort::Full => 10,
        Effort::Quick => 2,
    };
    let server = Server::start(root, council)?;
    let mut first = Connection::open(server.address, "")?;
    let answer = first.post_form(&server.sign_in, "person=ana")?;
    ensure!((300..400).contains(&answer.status), "signing in answered {}", answer.status);
    let pages = std::iter::once(&FLOOR).chain(&PAGES);
    pages.map(|page| measure(server.address, &mut first, page, seconds)).collect()
}

/// Asks for a page at the steady rate for some seconds.
pub(crate) fn measure(
    address: SocketAddr,
    watching: &mut Connection,
    page: &str,
    seconds: u32,
) -> anyhow::Result<Figure> {
    let before = served(watching)?;
    let begin = Instant::now();
    let workers: Vec<_> = (0..CONNECTIONS)
        .map(|worker| {
            let (cookie, page) = (watching.cookie().to_owned(), page.to_owned());
            std::thread::spawn(move || ask(address, &cookie, &page, (begin, worker, seconds)))
        })
        .collect();
    let mut times = Vec::new();
    let mut bytes = 0;
    for worker in workers {
        let (took, size) =
            worker.join().map_err(|_| anyhow::anyhow!("a client thread panicked"))??;
        times.extend(took);
        bytes = size;
    }
    times.sort();
    let waited = times[times.len() * 99 / 100].as_secs_f64() * 1000.0;
    let mut since = served(watching)?;
    for (bound, count) in &mut since {
        *count -= before.get(bound).copied().unwrap_or(0);
    }
    Ok(Figure {
        name: format!(
            "`{page}` ({:.0} kB), p99 on the server at {RATE} requests/s; the client waited {waited:.1} ms",
            f64::from(u32::try_from(bytes)?) / 1e3
        ),
        value: quantile(&since, 0.99).context("the server counted no request")? * 1000.0,
        unit: "ms".to_owned(),
        peer: Some("wanted at most".to_owned()),
        peer_value: Some(MAX_P99),
    })
}

/// How many requests the server has answered within each bound of its histogram, in microseconds; the scrapes themselves are not
/// in it. The last bound is infinite.
fn served(connection: &mut Connection) -> anyhow::Result<BTreeMap<u64, u64>> {
    let answer = connection.get("/metrics")?;
    ensure!(answer.status == 200, "`/metrics` answered {}", answer.status);
    let mut counts = BTreeMap::new();
    for line in String::from_utf8_lossy(&answer.body).lines() {
        let Some(rest) = line.strip_prefix("council_http_request_duration_seconds_bucket{") else {
            continue;
        };
        let (labels, count) = rest.split_once("} ").context("a sample without a value")?;
        let label = |name: &str| {
            let (_, rest) = labels.split_once(&format!("{name}=\""))?;
            rest.split_once('"').map(|(value, _)| value)
        };
        if label("route") == Some("/metrics") {
            continue;
        }
        let bound = label("le").context("a bucket without a bound")?;
        let bound = match bound {
            "+Inf" => u64::MAX,
            seconds => Duration::from_secs_f64(seconds.parse()?).as_micros().try_into()?,
        };
        *counts.entry(bound).or_insert(0) += count.parse::<u64>()?;
    }
    Ok(counts)
}

/// A quantile of a histogram in seconds, as Prometheus' `histogram_quantile` finds it: evenly within its bucket, and no further
/// than the last finite bound. Nothing where nothing was counted.
fn quantile(counts: &BTreeMap<u64, u64>, quantile: f64) -> Option<f64> {
    let all = *counts.values().next_back().filter(|all| **all > 0)?;
    let count = |number: u64| u32::try_from(number).map(f64::from).ok();
    let rank = quantile * count(all)?;
    let (mut below, mut begin) = (0.0, 0.0);
    for (bound, reached) in counts {
        let (reached, end) = (count(*reached)?, Duration::from_micros(*bound).as_secs_f64());
        if *bound == u64::MAX {
            return Some(begin);
        }
        if reached >= rank {
            return Some(begin + (end - begin) * (rank - below) / (reached - below).max(1.0));
        }
        (below, begin) = (reached, end);
    }
    None
}

/// Asks at fixed times; a request that starts late counts its lateness, so that a stall is not hidden.
fn ask(
    address: SocketAddr,
    cookie: &str,
    page: &str,
    plan: (Instant, u32, u32),
) -> anyhow::Result<(Vec<Duration>, usize)> {
    let (begin, worker, seconds) = plan;
    let mut connection = Connection::open(address, cookie)?;
    let mut times = Vec::new();
    let mut bytes = 0;
    let every = Duration::from_secs(1) / RATE;
    for number in (worker..RATE * seconds).step_by(CONNECTIONS as usize) {
        let due = begin + every * number;
        while let Some(left) =
            due.checked_duration_since(Instant::now()).filter(|left| !left.is_zero())
        {
            std::thread::park_timeout(left);
        }
        let answer = connection.get(page)?;
        ensure!(answer.status == 200, "`{page}` answered {} to a signed-in person", answer.status);
        bytes = answer.body.len();
        times.push(due.elapsed());
    }
    Ok((times, bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quantile_lies_evenly_in_its_bucket() {
        let counts = BTreeMap::from([(1_000, 0), (2_000, 90), (4_000, 100), (u64::MAX, 100)]);
        let found = |at| quantile(&counts, at).map(|seconds| (seconds * 1e6).round());
        assert_eq!(found(0.45), Some(1_500.0));
        assert_eq!(found(0.95), Some(3_000.0));
        let late = BTreeMap::from([(1_000, 1), (u64::MAX, 100)]);
        assert_eq!(quantile(&late, 0.99), Some(0.001));
        assert_eq!(quantile(&BTreeMap::from([(1_000, 0), (u64::MAX, 0)]), 0.99), None);
    }
}
