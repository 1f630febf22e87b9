//! Every page of the example at a steady rate, signed in, timed from when each request was due.

use std::net::SocketAddr;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::ensure;

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
    pages.map(|page| measure(server.address, first.cookie(), page, seconds)).collect()
}

fn measure(address: SocketAddr, cookie: &str, page: &str, seconds: u32) -> anyhow::Result<Figure> {
    let begin = Instant::now();
    let workers: Vec<_> = (0..CONNECTIONS)
        .map(|worker| {
            let (cookie, page) = (cookie.to_owned(), page.to_owned());
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
    let p99 = times[times.len() * 99 / 100];
    Ok(Figure {
        name: format!(
            "`{page}` ({:.0} kB), p99 at {RATE} requests/s",
            f64::from(u32::try_from(bytes)?) / 1e3
        ),
        value: p99.as_secs_f64() * 1000.0,
        unit: "ms".to_owned(),
        peer: Some("wanted at most".to_owned()),
        peer_value: Some(MAX_P99),
    })
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
        bytes = answer.bytes;
        times.push(due.elapsed());
    }
    Ok((times, bytes))
}
