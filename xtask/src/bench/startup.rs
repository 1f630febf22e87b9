//! How fast `council up` answers after a cold start, and what it holds in memory when nobody asks.

use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::Context as _;

use crate::bench::Figure;
use crate::bench::http::Connection;

/// Starts measured; the median is published.
const STARTS: usize = 11;
/// How long the server is left alone before its memory is read.
const IDLE: Duration = Duration::from_secs(5);
/// Milliseconds within which a newcomer sees nothing but an answer.
const MAX_START: f64 = 100.0;
/// Megabytes that a small machine can spare for something that mostly waits.
const MAX_RESIDENT: f64 = 60.0;

/// A server that is stopped when it goes out of scope.
pub(crate) struct Server {
    child: Child,
    /// Where it listens.
    pub(crate) address: SocketAddr,
    /// The path and query of the one-time sign-in link.
    pub(crate) sign_in: String,
    /// From starting the process to the first answer.
    pub(crate) first_answer: Duration,
    data: tempdir::Scratch,
}

impl Drop for Server {
    fn drop(&mut self) {
        // Already gone is as good as ended.
        drop(self.child.kill());
        drop(self.child.wait());
        self.data.remove();
    }
}

impl Server {
    /// Starts the server of the staffed example on a free port and waits until it answers.
    pub(crate) fn start(root: &Path, council: &Path) -> anyhow::Result<Self> {
        Self::start_on(root, council, (Path::new("examples/eustartup-staffed"), &[]))
    }

    /// The same for another playbook, with variables of the environment.
    pub(crate) fn start_on(
        root: &Path,
        council: &Path,
        (playbook, variables): (&Path, &[(&str, &str)]),
    ) -> anyhow::Result<Self> {
        let data = tempdir::Scratch::make(root)?;
        let begin = Instant::now();
        let mut child = Command::new(council)
            .arg("up")
            .arg(playbook)
            .args(["--listen", "127.0.0.1:0", "--data"])
            .arg(&data.path)
            .envs(variables.iter().copied())
            .current_dir(root)
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .context("cannot start `council up`")?;
        let stderr = child.stderr.take().context("no standard error")?;
        let link =
            BufReader::new(stderr).lines().map_while(Result::ok).find_map(|line| link_in(&line));
        let link = link.context("`council up` printed no sign-in link")?;
        let (address, sign_in) = split(&link)?;
        let answer = Connection::open(address, "")?.get("/healthz")?;
        anyhow::ensure!(answer.status == 200, "/healthz answered {}", answer.status);
        Ok(Self { child, address, sign_in, first_answer: begin.elapsed(), data })
    }

    /// Resident memory in bytes.
    fn resident(&self) -> anyhow::Result<f64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status.lines().find(|line| line.starts_with("VmRSS")).context("no VmRSS")?;
        let kilobytes: f64 = line.split_whitespace().nth(1).context("no figure")?.parse()?;
        Ok(kilobytes * 1024.0)
    }
}

/// The sign-in link in a line that may be coloured.
fn link_in(line: &str) -> Option<String> {
    let start = line.find("http://127.0.0.1:")?;
    let rest = line.get(start..)?;
    let end = rest.find(|c: char| c.is_whitespace() || c == '\u{1b}').unwrap_or(rest.len());
    let link = rest.get(..end)?;
    let has_path = link.trim_start_matches("http://").contains("/sign-in");
    has_path.then(|| link.to_owned())
}

fn split(link: &str) -> anyhow::Result<(SocketAddr, String)> {
    let rest = link.trim_start_matches("http://");
    let (address, path) = rest.split_once('/').context("the sign-in link has no path")?;
    Ok((address.parse()?, format!("/{path}")))
}

/// Measures start-up and idle memory.
pub(crate) fn run(root: &Path, council: &Path) -> anyhow::Result<Vec<Figure>> {
    let mut starts = Vec::new();
    for _ in 0..STARTS {
        starts.push(Server::start(root, council)?.first_answer.as_secs_f64() * 1000.0);
    }
    starts.sort_by(f64::total_cmp);
    let server = Server::start(root, council)?;
    std::thread::park_timeout(IDLE);
    let figure = |name: &str, (value, limit): (f64, f64), unit: &str| Figure {
        name: name.to_owned(),
        value,
        unit: unit.to_owned(),
        peer: Some("wanted at most".to_owned()),
        peer_value: Some(limit),
    };
    let (median, slowest) = (starts[STARTS / 2], starts[STARTS - 1]);
    let resident = server.resident()? / 1e6;
    Ok(vec![
        figure("cold start of `council up` until it answers, median", (median, MAX_START), "ms"),
        figure("the same, slowest of 11", (slowest, MAX_START), "ms"),
        figure("resident memory after start, idle", (resident, MAX_RESIDENT), "MB"),
    ])
}

pub(crate) mod tempdir {
    //! A directory for one server's data, below `target/`.

    use std::path::{Path, PathBuf};
    use std::sync::atomic::{AtomicU32, Ordering};

    static NEXT: AtomicU32 = AtomicU32::new(0);

    pub(crate) struct Scratch {
        pub(crate) path: PathBuf,
    }

    impl Scratch {
        pub(crate) fn make(root: &Path) -> std::io::Result<Self> {
            let number = NEXT.fetch_add(1, Ordering::Relaxed);
            let path = root.join(format!("target/bench-data/{}-{number}", std::process::id()));
            std::fs::create_dir_all(&path)?;
            Ok(Self { path })
        }

        pub(crate) fn remove(&self) {
            drop(std::fs::remove_dir_all(&self.path));
        }
    }
}
