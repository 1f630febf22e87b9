//! Measures reading and checking of a large playbook, and prints one JSON object a line.
//!
//! The playbook is generated from a fixed seed: people, teams and services as text that the `council`
//! binary reads too (`--emit <directory>` only writes it). The check runs in a process of its own, so
//! that its peak memory is not the generator's. The peer is the bare event parse of the same bytes by
//! saphyr-parser on one core.

#![expect(clippy::cast_precision_loss, reason = "bytes and counts here are far below 2^53")]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use anyhow::Context as _;
use jiff::civil::Date;
use playbook::{Facts, OneOf, Ref, Spanned, Vocabulary, Workspace, family, kind};
use schemars::JsonSchema;
use serde::Deserialize;

/// What the binary allocates with.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Generated text of one size.
struct Size {
    files: usize,
    resources_per_file: usize,
}

const FULL: Size = Size { files: 10_000, resources_per_file: 10 };
const QUICK: Size = Size { files: 500, resources_per_file: 10 };

/// Timed runs of which the best counts: other work on the machine only ever makes a run slower.
const RUNS: usize = 5;

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        ["--emit", directory] => generate(Path::new(directory), &FULL).map(drop),
        ["--measure", "check", directory] => measure_check(Path::new(directory)),
        ["--measure", "parse", directory] => measure_parse(Path::new(directory)),
        ["--measure", "recheck", directory] => measure_recheck(Path::new(directory)),
        ["--quick"] => measure_all(&QUICK),
        [] | ["--bench"] => measure_all(&FULL),
        other => anyhow::bail!(
            "unknown arguments {other:?}: write nothing, `--quick` or `--emit <directory>`"
        ),
    }
}

fn measure_all(size: &Size) -> anyhow::Result<()> {
    let directory = tempfile::tempdir()?;
    let bytes = generate(directory.path(), size)?;
    let measure = |what: &str| -> anyhow::Result<Vec<f64>> {
        let output = std::process::Command::new(std::env::current_exe()?)
            .args(["--measure", what])
            .arg(directory.path())
            .output()?;
        let text = String::from_utf8(output.stdout)?;
        anyhow::ensure!(
            output.status.success(),
            "{what}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        text.split_whitespace().map(|number| number.parse().context("a number")).collect()
    };
    let (check, parse, recheck) = (measure("check")?, measure("parse")?, measure("recheck")?);
    let [Some(check_seconds), Some(peak), Some(resources)] =
        [0, 1, 2].map(|at| check.get(at).copied())
    else {
        anyhow::bail!("the check printed too little")
    };
    let [Some(p50), Some(p99)] = [0, 1].map(|at| recheck.get(at).copied()) else {
        anyhow::bail!("the re-check printed too little")
    };
    let parse = parse.first().copied().context("the parse printed nothing")?;
    let megabytes = bytes as f64 / 1e6;
    let name = |what: &str| format!("playbook {what}, {resources} resources, {megabytes:.1} MB");
    line(
        &name("check, all cores"),
        check_seconds,
        "s",
        "saphyr-parser 0.3 bare events, one core",
        parse,
    );
    line(&name("check, peak memory per input byte"), peak / bytes as f64, "B/B", "limit", 8.0);
    line(&name("re-check after one file, p50"), p50, "ms", "limit", 50.0);
    line(&name("re-check after one file, p99"), p99, "ms", "limit", 50.0);
    Ok(())
}

#[expect(clippy::print_stdout, reason = "a benchmark prints its result")]
fn line(name: &str, value: f64, unit: &str, peer: &str, peer_value: f64) {
    println!(
        "{}",
        serde_json::json!({"name": name, "value": value, "unit": unit, "peer": peer, "peer_value": peer_value})
    );
}

#[expect(clippy::print_stdout, reason = "the parent process reads it")]
fn answer(numbers: &[f64]) {
    println!("{}", numbers.iter().map(f64::to_string).collect::<Vec<_>>().join(" "));
}

fn facts() -> Facts {
    Facts { today: jiff::civil::date(2026, 11, 22) }
}

/// Opens and checks everything; prints seconds, peak memory in bytes, resources.
fn measure_check(directory: &Path) -> anyhow::Result<()> {
    let vocabulary = Arc::new(vocabulary());
    let mut best = f64::INFINITY;
    let (mut resources, mut peak) = (0, 0.0);
    for run in 0..RUNS {
        let start = Instant::now();
        let workspace = Workspace::open(directory, Arc::clone(&vocabulary));
        let opened = start.elapsed();
        let findings = workspace.check(&facts());
        best = best.min(start.elapsed().as_secs_f64());
        eprint(&format!("open {opened:?}, open and check {:?}", start.elapsed()));
        anyhow::ensure!(findings.is_empty(), "the playbook has findings: {:?}", findings.first());
        resources = workspace.model().len();
        if run == 0 {
            peak = peak_memory()?;
        }
    }
    answer(&[best, peak, resources as f64]);
    Ok(())
}

#[expect(clippy::print_stderr, reason = "progress for whoever watches")]
fn eprint(text: &str) {
    eprintln!("{text}");
}

/// Parses every file to events on one core; prints seconds.
fn measure_parse(directory: &Path) -> anyhow::Result<()> {
    let texts: Vec<String> =
        files(directory)?.iter().map(std::fs::read_to_string).collect::<Result<_, _>>()?;
    let mut best = f64::INFINITY;
    for _ in 0..RUNS {
        let start = Instant::now();
        let mut events = 0_usize;
        for text in &texts {
            for event in saphyr_parser::Parser::new_from_str(text) {
                std::hint::black_box(event?);
                events += 1;
            }
        }
        std::hint::black_box(events);
        best = best.min(start.elapsed().as_secs_f64());
    }
    answer(&[best]);
    Ok(())
}

/// Changes one file after the other; prints p50 and p99 of update and check in milliseconds.
fn measure_recheck(directory: &Path) -> anyhow::Result<()> {
    let mut workspace = Workspace::open(directory, Arc::new(vocabulary()));
    workspace.check(&facts());
    let names: Vec<Arc<str>> = workspace.files().cloned().collect();
    let mut times = Vec::new();
    // The first change builds the index of who refers to what, once.
    for round in 0..301_usize {
        let name = &names[(round * 7919) % names.len()];
        let text = std::fs::read_to_string(directory.join(name.as_ref()))?;
        // Every third edit takes a name away that others refer to, which is the most work.
        let text = if round % 3 == 0 {
            text.replacen("  name: ", "  name: x", 1)
        } else {
            format!("{text}# {round}\n")
        };
        let held = workspace.model().clone();
        let start = Instant::now();
        workspace.update(name, Some(text));
        let findings = workspace.check(&facts());
        if round > 0 {
            times.push(start.elapsed().as_secs_f64() * 1e3);
        }
        std::hint::black_box((findings, held));
        workspace.update(name, None);
    }
    times.sort_by(f64::total_cmp);
    let percentile = |percent: usize| times[(times.len() * percent / 100).min(times.len() - 1)];
    answer(&[percentile(50), percentile(99)]);
    Ok(())
}

/// The process's peak resident memory in bytes, as the kernel counts it.
fn peak_memory() -> anyhow::Result<f64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).context("no VmHWM")?;
    let kilobytes: f64 = line.trim().trim_end_matches(" kB").trim().parse()?;
    Ok(kilobytes * 1024.0)
}

fn files(directory: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(directory)? {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(files(&path)?);
        } else if path.extension().is_some_and(|extension| extension == "yaml") {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

/// Numbers that look random and are the same on every machine (splitmix64).
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % (limit.max(1) as u64)).unwrap_or(0)
    }
}

/// Writes the playbook; returns its bytes of YAML.
fn generate(directory: &Path, size: &Size) -> anyhow::Result<u64> {
    let mut random = Random(2_026);
    let total = size.files * size.resources_per_file;
    let mut bytes = 0;
    for file in 0..size.files {
        let folder = directory.join(format!("area-{:03}", file / 100));
        std::fs::create_dir_all(&folder)?;
        let mut text = String::from("# Generated from a fixed seed.\n");
        for position in 0..size.resources_per_file {
            resource(&mut text, file * size.resources_per_file + position, total, &mut random)?;
        }
        std::fs::write(folder.join(format!("file-{file:05}.yaml")), &text)?;
        bytes += text.len() as u64;
    }
    std::fs::write(directory.join("council.yaml"), ORGANIZATION)?;
    Ok(bytes + ORGANIZATION.len() as u64)
}

const ORGANIZATION: &str = "apiVersion: council/v1\nkind: Organization\nmetadata:\n  name: example\n  title: Example\nspec:\n  purpose: Decide and coordinate.\n  north_star: A platform that teams trust and can afford.\n  scope: Infrastructure.\n  currency: EUR\n  time_zone: Europe/Berlin\n  business_hours: {days: [mon, tue, wed, thu, fri], from: \"09:00\", to: \"17:00\"}\n";

/// Every tenth resource is a team, four of ten are people, the rest are services.
fn resource(
    text: &mut String,
    number: usize,
    total: usize,
    random: &mut Random,
) -> std::fmt::Result {
    let tens = total / 10;
    let person = |random: &mut Random| random.below(tens) * 10 + 1 + random.below(4);
    writeln!(text, "---\napiVersion: council/v1")?;
    let words =
        ["checkout", "ledger", "search", "billing", "gateway", "mirror", "catalog", "ingest"];
    let word = words[random.below(words.len())];
    match number % 10 {
        0 => {
            writeln!(
                text,
                "kind: Team\nmetadata:\n  name: team-{number}\n  title: Team {word} {number}"
            )?;
            description(text, word)?;
            writeln!(
                text,
                "spec:\n  profile: backend\n  channel: \"#team-{number}\"\n  lead: person/p-{}\n  members:",
                person(random)
            )?;
            for _ in 0..8 {
                writeln!(text, "    - p-{}", person(random))?;
            }
            Ok(())
        }
        1..=4 => {
            writeln!(
                text,
                "kind: Person\nmetadata:\n  name: p-{number}\n  title: Person {number}"
            )?;
            description(text, word)?;
            writeln!(
                text,
                "spec:\n  email: p-{number}@example.com\n  handles:\n    github: p-{number}\n    chat: \"@p{number}\"\n  time_zone: Europe/Berlin\n  country: DE\n  joined: 2024-{:02}-{:02}",
                1 + random.below(12),
                1 + random.below(28)
            )
        }
        _ => {
            writeln!(
                text,
                "kind: Service\nmetadata:\n  name: s-{number}\n  title: Service {word} {number}"
            )?;
            description(text, word)?;
            writeln!(
                text,
                "spec:\n  owner: team/team-{}\n  tier: important # as agreed\n  kind: internal\n  lifecycle: production\n  repository: example/{word}-{number}",
                random.below(tens) * 10
            )?;
            // Towards smaller numbers only, so that no service needs itself.
            let before = number / 10;
            if before > 0 {
                writeln!(text, "  depends_on:")?;
                for _ in 0..3 {
                    writeln!(text, "    - s-{}", random.below(before) * 10 + 5 + random.below(5))?;
                }
            }
            Ok(())
        }
    }
}

fn description(text: &mut String, word: &str) -> std::fmt::Result {
    writeln!(
        text,
        "  description: >-\n    Keeps {word} going for everybody who relies on it, day and night; whoever\n    changes it reads the runbook first and tells the channel afterwards.\n  labels:\n    area: {word}\n    cost-center: \"4711\"\n    data-class: internal\n  annotations:\n    example.com/runbook: https://runbooks.example.com/{word}\n    example.com/dashboard: https://dashboards.example.com/d/{word}"
    )
}

/// The organization.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "only its reading is measured")]
struct Organization {
    purpose: String,
    north_star: String,
    scope: String,
    currency: String,
    time_zone: String,
    business_hours: Hours,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "only its reading is measured")]
struct Hours {
    days: Vec<String>,
    from: String,
    to: String,
}

/// A person.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "only its reading is measured")]
struct Person {
    email: Option<String>,
    handles: std::collections::BTreeMap<String, String>,
    time_zone: Option<String>,
    country: Option<String>,
    joined: Option<Spanned<Date>>,
}

/// A team.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "only its reading is measured")]
struct Team {
    profile: Profile,
    channel: Option<String>,
    lead: Option<Ref<Person>>,
    members: Vec<Ref<Person>>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum Profile {
    Backend,
    Data,
}

family!(
    /// What can own a service.
    Owner = "team" | "person"
);

/// A service.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "only its reading is measured")]
struct Service {
    owner: OneOf<Owner>,
    tier: String,
    kind: String,
    lifecycle: String,
    repository: Option<String>,
    #[serde(default)]
    depends_on: Vec<Ref<Self>>,
}

kind!(Organization, "organization");
kind!(Person, "person");
kind!(Team, "team");
kind!(Service, "service");

fn vocabulary() -> Vocabulary {
    Vocabulary::new().kind::<Organization>().kind::<Person>().kind::<Team>().kind::<Service>()
}
