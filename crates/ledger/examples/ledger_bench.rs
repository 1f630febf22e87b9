//! Measures the ledger beside its peers on the same disk, and prints one JSON object a line.
//!
//! Each figure stands beside the best that could be: the disk's own `fdatasync`, and bare SQLite with the same table,
//! index, rows and transaction sizes. They are taken in turns within one run, because a shared disk has moods. Run it
//! in release; `--quick` shortens it, `--writers` leaves the reading out.
#![expect(clippy::print_stdout, reason = "the figures are the output")]

use std::error::Error;
use std::fs::File;
use std::io::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use ledger::{Append, Draft, Entry, Fold, Ledger, Options, Stream, Trust};
use serde_json::json;

/// What the binary allocates with.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

type Outcome<T> = Result<T, Box<dyn Error>>;

/// How long and how often.
struct Effort {
    /// Each measurement of appends.
    lasting: Duration,
    /// Rounds, each measuring everything once; the median counts.
    rounds: usize,
    /// Entries for fold and verify.
    entries: u64,
}

fn main() -> Outcome<()> {
    let quick = std::env::args().any(|argument| argument == "--quick");
    let effort = if quick {
        Effort { lasting: Duration::from_millis(500), rounds: 3, entries: 100_000 }
    } else {
        Effort { lasting: Duration::from_secs(2), rounds: 5, entries: 1_000_000 }
    };
    appends(&effort)?;
    if std::env::args().any(|argument| argument == "--writers") {
        return Ok(());
    }
    reads(&effort)
}

fn print(name: &str, value: f64, unit: &str, peer: Option<(&str, f64)>) {
    let (peer, peer_value) = peer.unzip();
    let figure = json!({
        "name": name, "value": rounded(value), "unit": unit,
        "peer": peer, "peer_value": peer_value.map(rounded),
    });
    println!("{figure}");
}

fn rounded(value: f64) -> f64 {
    (value * 10.0).round() / 10.0
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

// Appends.

fn appends(effort: &Effort) -> Outcome<()> {
    let mut rounds: [Vec<f64>; 6] = Default::default();
    let mut batches = [64, 256];
    for _ in 0..effort.rounds {
        let raw = raw_fsyncs(effort.lasting)?;
        let (one, _) = writers(1, effort.lasting)?;
        let (many, of_many) = writers(64, effort.lasting)?;
        let bare_many = bare_sqlite(of_many, effort.lasting)?;
        let (most, of_most) = writers(256, effort.lasting)?;
        let bare_most = bare_sqlite(of_most, effort.lasting)?;
        for (all, one) in rounds.iter_mut().zip([raw, one, many, most, bare_many, bare_most]) {
            all.push(one);
        }
        batches = [of_many, of_most];
    }
    let [raw, one, many, most, bare_many, bare_most] = rounds.map(median);
    let bare = |batch| format!("bare SQLite, {batch} rows a transaction as here");
    let [of_many, of_most] = batches.map(bare);
    print("ledger: one writer", one, "appends/s", Some(("raw fdatasync on the same disk", raw)));
    print("ledger: 64 concurrent writers", many, "appends/s", Some((&of_many, bare_many)));
    print("ledger: 256 concurrent writers", most, "appends/s", Some((&of_most, bare_most)));
    let times = "times";
    print("ledger: 64 writers over one", many / one, times, Some(("wanted at least", 30.0)));
    print("ledger: 256 writers over one", most / one, times, Some(("wanted at least", 60.0)));
    Ok(())
}

fn per_second(count: u64, since: Instant) -> f64 {
    u32::try_from(count).map_or(f64::MAX, f64::from) / since.elapsed().as_secs_f64()
}

/// Writes and syncs a page at a time within a file of fixed length, as a log that is written over does.
fn raw_fsyncs(lasting: Duration) -> Outcome<f64> {
    use std::os::unix::fs::FileExt as _;
    const PAGES: u64 = 1024;
    let directory = tempfile::tempdir_in(".")?;
    let mut file = File::create(directory.path().join("raw"))?;
    let page = [7; 4096];
    for _ in 0..PAGES {
        file.write_all(&page)?;
    }
    file.sync_all()?;
    let (start, mut count) = (Instant::now(), 0);
    while start.elapsed() < lasting {
        file.write_all_at(&page, count % PAGES * 4096)?;
        file.sync_data()?;
        count += 1;
    }
    Ok(per_second(count, start))
}

fn draft(stream: &Stream, number: u64) -> Draft {
    let body = json!({
        "number": number,
        "title": "Raise the quota of the data team",
        "reason": "The nightly pipeline has grown by a third since spring, and waits for memory.",
        "seats": ["platform", "finops"],
    });
    Draft::new(stream.clone(), "decision.voted", "person/ana", body).caused_by("request/7c1f")
}

fn now() -> Timestamp {
    Timestamp::now()
}

/// Threads that append one entry at a time, each to its own stream, as fast as they are answered. Returns the rate,
/// and how many appends shared a transaction on average.
fn writers(threads: u64, lasting: Duration) -> Outcome<(f64, u64)> {
    let directory = tempfile::tempdir_in(".")?;
    let ledger = Ledger::open(directory.path().join("ledger.db"), &Options::default())?;
    let start = Instant::now();
    let counts: Vec<Result<u64, ledger::AppendError>> = std::thread::scope(|scope| {
        let running: Vec<_> = (0..threads)
            .map(|thread| {
                let ledger = &ledger;
                scope.spawn(move || write_one_by_one(ledger, thread, start, lasting))
            })
            .collect();
        running.into_iter().filter_map(|thread| thread.join().ok()).collect()
    });
    let total = counts.into_iter().sum::<Result<u64, _>>()?;
    let rate = per_second(total, start);
    let ledger::Activity { appends, transactions } = ledger.activity();
    Ok((rate, (appends / transactions.max(1)).max(1)))
}

fn write_one_by_one(
    ledger: &Ledger,
    thread: u64,
    start: Instant,
    lasting: Duration,
) -> Result<u64, ledger::AppendError> {
    let mut count = 0;
    while start.elapsed() < lasting {
        let name = format!("decision/D-{thread}-{}", count / 20);
        let stream = Stream::new(name).expect("BUG: the name is plain");
        ledger.append(Append::new([draft(&stream, count)], now()))?;
        count += 1;
    }
    Ok(count)
}

/// What SQLite does with the same rows in the same table when nobody chains, checks, waits or is woken.
fn bare_sqlite(rows: u64, lasting: Duration) -> Outcome<f64> {
    let directory = tempfile::tempdir_in(".")?;
    let mut database = rusqlite::Connection::open(directory.path().join("bare.db"))?;
    database.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -8192;
         CREATE TABLE entries (
            seq INTEGER PRIMARY KEY, stream TEXT NOT NULL, version INTEGER NOT NULL, kind TEXT NOT NULL,
            at TEXT NOT NULL, actor TEXT NOT NULL, cause TEXT, body TEXT NOT NULL,
            prev_hash BLOB NOT NULL, hash BLOB NOT NULL) STRICT;
         CREATE UNIQUE INDEX entries_by_stream ON entries (stream, version);",
    )?;
    let body = ledger::canonical(&draft(&Stream::new("decision/D-1")?, 7).body)?;
    let (start, mut count) = (Instant::now(), 0);
    while start.elapsed() < lasting {
        let transaction = database.transaction()?;
        let mut insert = transaction.prepare_cached(
            "INSERT INTO entries VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        )?;
        for row in 0..rows {
            let round = count / rows;
            insert.execute((
                count + 1,
                format!("decision/D-{row}-{}", round / 20),
                round % 20 + 1,
                "decision.voted",
                "2026-11-22T12:00:00.000000Z",
                "person/ana",
                Some("request/7c1f"),
                &body,
                [7_u8; 32],
                [8_u8; 32],
            ))?;
            count += 1;
        }
        drop(insert);
        transaction.commit()?;
    }
    Ok(per_second(count, start))
}

// Reads.

#[derive(Debug, Default, serde::Serialize, serde::Deserialize)]
struct Votes {
    entries: u64,
    sum: u64,
}

#[derive(serde::Deserialize)]
struct Vote {
    number: u64,
}

impl Fold for Votes {
    const NAME: &'static str = "bench-votes";
    const VERSION: u32 = 1;
    fn apply(&mut self, entry: &Entry) {
        self.entries += 1;
        self.sum += entry.body::<Vote>().map_or(0, |vote| vote.number);
    }
}

#[derive(Debug, Default, serde::Serialize, serde::Deserialize)]
struct Count(u64);

impl Fold for Count {
    const NAME: &'static str = "bench-count";
    const VERSION: u32 = 1;
    fn apply(&mut self, _entry: &Entry) {
        self.0 += 1;
    }
}

fn reads(effort: &Effort) -> Outcome<()> {
    let directory = tempfile::tempdir_in(".")?;
    let path = directory.path().join("ledger.db");
    fill(&path, effort.entries)?;
    let ledger = Ledger::open(&path, &Options::throw_away())?;
    let (mut counting, mut reading, mut verifying) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..effort.rounds {
        counting.push(replay::<Count>(&ledger)?);
        reading.push(replay::<Votes>(&ledger)?);
        let start = Instant::now();
        let report = ledger.verify(&Trust::default())?;
        if !report.is_intact() {
            return Err(format!("the ledger is damaged: {:?}", report.findings).into());
        }
        let megabytes = u32::try_from(report.bytes / 1000).map_or(f64::MAX, f64::from) / 1000.0;
        verifying.push(megabytes / start.elapsed().as_secs_f64());
    }
    let wanted = Some(("wanted at least", 500_000.0));
    print("ledger: fold replay", median(counting), "entries/s", wanted);
    print("ledger: fold replay that reads every body", median(reading), "entries/s", wanted);
    print("ledger: verify", median(verifying), "MB/s", Some(("wanted at least", 200.0)));
    Ok(())
}

/// Replays from the very first entry; the earliest snapshots lie behind it.
fn replay<F: Fold>(ledger: &Ledger) -> Outcome<f64> {
    let mut folded = ledger.fold_as_of::<F>(ledger::AsOf::Seq(0))?;
    let start = Instant::now();
    let count = ledger.catch_up(&mut folded)?;
    Ok(per_second(count, start))
}

fn fill(path: &Path, entries: u64) -> Outcome<()> {
    const TOGETHER: u64 = 1000;
    let ledger = Ledger::open(path, &Options::throw_away())?;
    for round in 0..entries / TOGETHER {
        let drafts: Vec<Draft> = (0..TOGETHER)
            .map(|number| Ok(draft(&Stream::new(format!("decision/D-{number}"))?, round)))
            .collect::<Outcome<_>>()?;
        ledger.append(Append::new(drafts, now()))?;
    }
    ledger.checkpoint(now())?;
    Ok(())
}
