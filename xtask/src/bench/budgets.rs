//! The budgets of a thousand objectives, asked of a real Prometheus that holds 30 days of what our rules record, while pages are
//! asked for.

use std::fmt::Write as _;
use std::io::{BufWriter, Write as _};
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant, SystemTime};

use anyhow::{Context as _, bail, ensure};
use serde_json::Value;

use crate::bench::http::Connection;
use crate::bench::startup::{Server, tempdir};
use crate::bench::{Effort, Figure, pages};
use crate::{process, say};

/// Seconds between two samples: the interval of the rendered rules.
const EVERY: u64 = 60;
/// Seconds of the window, and a day more.
const HELD: u64 = 31 * 86_400;
/// Seconds of one file of samples.
const FILE: u64 = 2 * 86_400;
/// How long a block may be: what a Prometheus that runs has compacted to. A file is read once for each block.
const BLOCK: &str = "--max-block-duration=54h";
/// Objectives of the example that the generated ones stand beside.
const OF_THE_EXAMPLE: usize = 2;
/// Seconds within which all budgets are known.
const MAX_REFRESH: f64 = 30.0;
/// How long is waited for what must come.
const PATIENCE: Duration = Duration::from_secs(300);
/// How long between two questions whether it has come.
const BREATH: Duration = Duration::from_millis(50);
/// Pages that are asked for meanwhile.
const PAGES: [&str; 4] = ["/", "/objectives", "/seats", "/on-call"];

/// Fills a Prometheus, lets the server look in peace, and then again and again while pages are asked for.
pub(crate) fn run(root: &Path, council: &Path, effort: Effort) -> anyhow::Result<Vec<Figure>> {
    let (count, seconds) = match effort {
        Effort::Full => (1_000, 10),
        Effort::Quick => (50, 2),
    };
    let scratch = tempdir::Scratch::make(root)?;
    let measured = measure(root, council, (&scratch.path, count, seconds));
    scratch.remove();
    measured
}

fn measure(
    root: &Path,
    council: &Path,
    (scratch, count, seconds): (&Path, usize, u32),
) -> anyhow::Result<Vec<Figure>> {
    let Some(prometheus) = Prometheus::start(scratch, count)? else {
        say(
            "left out: budgets asked of a real Prometheus, because `prometheus` and `promtool` are not installed",
        );
        return Ok(Vec::new());
    };
    let playbook = playbook(root, scratch, count)?;
    let url = format!("http://{}", prometheus.address);
    let server = Server::start_on(root, council, (&playbook, &[("COUNCIL_PROMETHEUS", &url)]))?;
    let mut first = Connection::open(server.address, "")?;
    let answer = first.post_form(&server.sign_in, "person=ana")?;
    ensure!((300..400).contains(&answer.status), "signing in answered {}", answer.status);

    let mut looks = Looks { connection: Connection::open(server.address, first.cookie())?, count };
    looks.next(0)?;
    let quiet = looks.again()?;
    let ends = Arc::new(AtomicBool::new(false));
    let asked = ends.clone();
    let looking = std::thread::spawn(move || -> anyhow::Result<f64> {
        let mut slowest = 0.0_f64;
        while !asked.load(Ordering::Relaxed) {
            slowest = slowest.max(looks.again()?);
        }
        Ok(slowest)
    });
    let measured: anyhow::Result<Vec<Figure>> = PAGES
        .iter()
        .map(|page| pages::measure(server.address, &mut first, page, seconds))
        .collect();
    ends.store(true, Ordering::Relaxed);
    let busy = looking.join().map_err(|_| anyhow::anyhow!("a thread panicked"))??;
    let refreshed = |name: String, seconds: f64| Figure {
        name,
        value: seconds,
        unit: "s".to_owned(),
        peer: Some("wanted at most".to_owned()),
        peer_value: Some(MAX_REFRESH),
    };
    let mut figures = vec![
        refreshed(format!("budgets of {count} objectives over 30 days refreshed"), quiet),
        refreshed("the same while pages are asked for, slowest".to_owned(), busy),
    ];
    for figure in measured? {
        figures.push(Figure {
            name: format!("{}, while budgets are refreshed", figure.name),
            ..figure
        });
    }
    Ok(figures)
}

/// Watches the worker that measures budgets.
struct Looks {
    connection: Connection,
    count: usize,
}

impl Looks {
    /// Lets it look again, and says for how many seconds it did.
    fn again(&mut self) -> anyhow::Result<f64> {
        let (turns, _) = self.status()?;
        let answer = self.connection.post_json("/api/v1/workers/objectives/turns", "{}")?;
        ensure!(answer.status == 202, "the worker was not woken: {}", answer.status);
        self.next(turns)
    }

    /// Waits for the end of the turn after so many.
    fn next(&mut self, turns: u64) -> anyhow::Result<f64> {
        let begin = Instant::now();
        while begin.elapsed() < PATIENCE {
            let (now, status) = self.status()?;
            if now > turns {
                let note = status["note"].as_str().unwrap_or_default();
                let wanted = format!("measured {} budgets", self.count + OF_THE_EXAMPLE);
                // Those of the example are not in this Prometheus.
                let known = format!("measured {} of ", self.count);
                ensure!(note == wanted || note.starts_with(&known), "the worker says: {note}");
                let took = status["last_milliseconds"].as_u64().context("no duration")?;
                return Ok(Duration::from_millis(took).as_secs_f64());
            }
            std::thread::park_timeout(BREATH);
        }
        bail!("budgets were not measured within {PATIENCE:?}")
    }

    fn status(&mut self) -> anyhow::Result<(u64, Value)> {
        let answer = self.connection.get("/api/v1/workers")?;
        let all: Value = serde_json::from_slice(&answer.body)?;
        let items = all["items"].as_array().context("no workers")?;
        let found = items.iter().find(|item| item["name"] == "objectives");
        let found = found.context("no worker measures budgets")?.clone();
        Ok((found["turns"].as_u64().context("no turns")?, found))
    }
}

/// The staffed example with so many objectives more.
fn playbook(root: &Path, scratch: &Path, count: usize) -> anyhow::Result<PathBuf> {
    let copy = scratch.join("playbook");
    let to = copy.display().to_string();
    process::run(root, &["cp", "-r", "examples/eustartup-staffed", &to])?;
    let mut text = String::new();
    for number in 0..count {
        let query = format!("sum(rate(requests_total{{number=\"{number}\"}}[{{{{.window}}}}]))");
        write!(
            text,
            "---
apiVersion: openslo/v1
kind: SLO
metadata: {{name: s-{number}, displayName: Objective {number}}}
spec:
  service: checkout-api
  budgetingMethod: Occurrences
  timeWindow: [{{duration: 30d, isRolling: true}}]
  indicator:
    metadata: {{name: i-{number}}}
    spec:
      ratioMetric:
        bad: {{metricSource: {{type: Prometheus, spec: {{query: '{query}'}}}}}}
        total: {{metricSource: {{type: Prometheus, spec: {{query: '{query}'}}}}}}
  objectives: [{{target: 0.99}}]
"
        )?;
    }
    std::fs::write(copy.join("slo/generated.yaml"), text)?;
    Ok(copy)
}

/// A real Prometheus that holds what the rules of so many objectives record, and asks nobody.
struct Prometheus {
    child: Child,
    address: SocketAddr,
}

impl Drop for Prometheus {
    fn drop(&mut self) {
        // Already gone is as good as ended.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

impl Prometheus {
    /// Fills and starts it; nothing when it is not installed.
    fn start(scratch: &Path, count: usize) -> anyhow::Result<Option<Self>> {
        let installed = |name: &str| {
            let mut version = Command::new(name);
            version.arg("--version").stdout(Stdio::null()).stderr(Stdio::null());
            version.status().is_ok_and(|status| status.success())
        };
        if !installed("prometheus") || !installed("promtool") {
            return Ok(None);
        }
        let data = scratch.join("prometheus");
        fill(scratch, &data, count)?;
        let config = scratch.join("prometheus.yml");
        std::fs::write(&config, "global: {scrape_interval: 1m}\n")?;
        let address = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        let child = Command::new("prometheus")
            .arg(format!("--config.file={}", config.display()))
            .arg(format!("--storage.tsdb.path={}", data.display()))
            .arg("--storage.tsdb.retention.time=1y")
            .arg(format!("--web.listen-address={address}"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        let started = Self { child, address };
        let begin = Instant::now();
        while begin.elapsed() < PATIENCE {
            let ready = Connection::open(address, "").and_then(|mut it| it.get("/-/ready"));
            if ready.is_ok_and(|answer| answer.status == 200) {
                return Ok(Some(started));
            }
            std::thread::park_timeout(BREATH);
        }
        bail!("Prometheus was not ready within {PATIENCE:?}")
    }
}

/// Writes 31 days of samples as blocks, some days at a time.
fn fill(scratch: &Path, data: &Path, count: usize) -> anyhow::Result<()> {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH)?.as_secs();
    let now = now - now % EVERY;
    let file = scratch.join("samples.txt");
    std::fs::create_dir_all(data)?;
    let mut from = now - HELD;
    while from < now {
        let to = (from + FILE).min(now + EVERY);
        samples(&file, count, (from, to))?;
        let (input, output) = (file.display().to_string(), data.display().to_string());
        let command =
            ["promtool", "tsdb", "create-blocks-from", BLOCK, "-q", "openmetrics", &input, &output];
        process::run(scratch, &command)?;
        from = to;
    }
    std::fs::remove_file(&file)?;
    Ok(())
}

/// Samples as OpenMetrics has them: some ten events a second, of which every so-manieth is bad.
fn samples(file: &Path, count: usize, (from, to): (u64, u64)) -> anyhow::Result<()> {
    let mut out = BufWriter::new(std::fs::File::create(file)?);
    for (metric, digits) in [("slo:sli_errors:rate5m", "0.0"), ("slo:sli_events:rate5m", "1")] {
        writeln!(out, "# TYPE {metric} gauge")?;
        for number in 0..count {
            let mut at = from;
            while at < to {
                // What looks like noise, the same in each run.
                let noise = (at / EVERY * 7_919 + u64::try_from(number)? * 104_729) % 97;
                writeln!(out, "{metric}{{slo=\"s-{number}\"}} {digits}{noise} {at}")?;
                at += EVERY;
            }
        }
    }
    writeln!(out, "# EOF")?;
    out.flush()?;
    Ok(())
}
