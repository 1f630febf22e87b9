//! Kills a writing process with SIGKILL at random moments, hundreds of times, and looks at what is left.
//!
//! The child appends from several threads and reports each acknowledged entry over a pipe; it also signs, seals, leases
//! and moves its log, so that the kill may hit any of these. After each kill the parent opens the ledger as the next
//! process would: every acknowledged entry must be there with its hash, no append may be there by half, and the whole
//! must verify, down to the last byte of the file. A seed is printed; `COUNCIL_KILL_SEED` and `COUNCIL_KILLS` repeat
//! or lengthen a run.
#![expect(clippy::unwrap_used, reason = "a failing helper is a failing test")]
#![expect(clippy::panic, reason = "a program that is a test fails by panicking")]
#![expect(clippy::print_stdout, reason = "the pipe to the parent, and the result for the reader")]

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, Command, ExitCode, Stdio};
use std::sync::Mutex;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use ledger::{Append, Draft, Ledger, Options, Query, Stream, Trust, verify_file};
use serde_json::json;

const KILLS: u64 = 200;

/// Kills between two fresh ledgers: old ones make recovery interesting, long ones make it slow.
const KILLS_PER_LEDGER: u64 = 25;

const WRITERS: u64 = 6;

/// Moves the log every few dozen appends, so that a kill hits a move as often as a commit.
const LOG_BYTES: u64 = 128 << 10;

fn options() -> Options {
    Options { log_bytes: LOG_BYTES, ..Options::default() }
}

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    match (arguments.next().as_deref(), arguments.next(), arguments.next()) {
        (Some("--child"), Some(path), Some(seed)) => {
            write_until_killed(Path::new(&path), seed.parse().unwrap());
        }
        // `cargo test -- --list`, and filters that mean other tests.
        (Some("--list"), ..) => println!("acknowledged_entries_survive_being_killed: test"),
        (Some(filter), ..)
            if !filter.starts_with('-')
                && !"acknowledged_entries_survive_being_killed".contains(filter) => {}
        _ => kill_and_look(),
    }
    ExitCode::SUCCESS
}

/// A small generator (xorshift64*), so that a seed repeats a run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) % limit
    }
}

fn now() -> Timestamp {
    "2026-11-22T12:00:00Z".parse().unwrap()
}

// The child.

fn write_until_killed(path: &Path, seed: u64) {
    let ledger = Ledger::open(path, &options()).unwrap();
    let output = Mutex::new(std::io::stdout());
    std::thread::scope(|scope| {
        for writer in 0..WRITERS {
            let (ledger, output) = (&ledger, &output);
            scope.spawn(move || {
                let mut dice = Dice(seed ^ (writer + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15));
                loop {
                    step(ledger, writer, &mut dice, output);
                }
            });
        }
    });
}

fn step(ledger: &Ledger, writer: u64, dice: &mut Dice, output: &Mutex<std::io::Stdout>) {
    let stream = Stream::new(format!("kill/W-{writer}-{}", dice.below(3))).unwrap();
    match dice.below(20) {
        0 => drop(ledger.checkpoint(now()).unwrap()),
        1 => drop(ledger.seal(&stream, "somebody said something").unwrap()),
        2 => drop(ledger.erase(&stream).unwrap()),
        3 => drop(ledger.lease(stream.id(), "child", now(), SignedDuration::from_secs(9)).unwrap()),
        _ => {}
    }
    let of = 1 + dice.below(4);
    let id = format!("{writer}-{}", dice.below(u64::MAX));
    let filler = "x".repeat(usize::try_from(dice.below(3000)).unwrap());
    let drafts = (0..of).map(|part| {
        let body = json!({"append": id, "part": part, "of": of, "filler": filler});
        Draft::new(stream.clone(), "kill.written", "test/child", body)
    });
    let appended = ledger.append(Append::new(drafts, now()).key(id.clone())).unwrap();
    let mut output = output.lock().unwrap();
    for entry in appended.entries {
        writeln!(output, "{} {}", entry.seq, entry.hash).unwrap();
    }
    output.flush().unwrap();
}

// The parent.

fn kill_and_look() {
    let number = |name, usual| std::env::var(name).map_or(usual, |text| text.parse().unwrap());
    let kills = number("COUNCIL_KILLS", KILLS);
    let seed = number("COUNCIL_KILL_SEED", u64::from(std::process::id()) + 1);
    println!("killing {kills} times, COUNCIL_KILL_SEED={seed}");
    let mut dice = Dice(seed);
    let (mut acknowledged, mut moves) = (0, 0);
    let mut done = 0;
    while done < kills {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("ledger.db");
        let mut known = BTreeMap::new();
        for _ in 0..KILLS_PER_LEDGER.min(kills - done) {
            known.extend(run_and_kill(&path, &mut dice));
            moves += u64::from(path.with_file_name("ledger.db-sums-next").exists());
            look(&path, &known);
            done += 1;
        }
        acknowledged += known.len();
    }
    assert!(acknowledged > 0, "nothing was ever acknowledged");
    println!(
        "test acknowledged_entries_survive_being_killed ... ok \
         ({done} kills, {moves} in the middle of moving the log, {acknowledged} acknowledged entries, none lost)"
    );
}

/// Runs the child until it has acknowledged a random number of entries and a random moment has passed.
fn run_and_kill(path: &Path, dice: &mut Dice) -> BTreeMap<u64, String> {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--child", path.to_str().unwrap(), &dice.below(u64::MAX).to_string()])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = lines_of(&mut child);
    let mut seen = Vec::new();
    // Some are killed while they still open the ledger.
    for _ in 0..dice.below(8) * dice.below(8) {
        match lines.recv_timeout(Duration::from_secs(60)) {
            Ok(line) => seen.push(line),
            Err(error) => panic!("the child stopped by itself: {error}"),
        }
    }
    let moment = Duration::from_micros(dice.below(12_000));
    match lines.recv_timeout(moment) {
        Ok(line) => seen.push(line),
        Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => {}
    }
    child.kill().unwrap();
    child.wait().unwrap();
    seen.extend(lines.iter());
    seen.iter()
        .map(|line| {
            let (seq, hash) = line.split_once(' ').expect("a whole line");
            (seq.parse().unwrap(), hash.to_owned())
        })
        .collect()
}

fn lines_of(child: &mut Child) -> Receiver<String> {
    let (send, lines) = channel();
    let output = BufReader::new(child.stdout.take().unwrap());
    std::thread::spawn(move || {
        for line in output.split(b'\n') {
            let line = String::from_utf8(line.unwrap()).unwrap();
            // The last line may be cut by the kill: then nobody was told of that entry.
            if line.split_once(' ').is_some_and(|(_, hash)| hash.len() == 64) {
                send.send(line).unwrap();
            }
        }
    });
    lines
}

fn look(path: &Path, known: &BTreeMap<u64, String>) {
    if !path.exists() {
        assert!(known.is_empty(), "the ledger is gone");
        return;
    }
    let report = verify_file(path, &Trust::default()).unwrap();
    assert!(report.is_intact(), "{:#?}", report.findings);
    let ledger = Ledger::open(path, &options()).unwrap();
    let mut found = BTreeMap::new();
    let mut parts: BTreeMap<String, (u64, u64)> = BTreeMap::new();
    let mut after = 0;
    loop {
        let page = ledger.entries(&Query { after, ..Query::default() }).unwrap();
        let Some(last) = page.last() else { break };
        after = last.seq;
        for entry in page {
            let body: serde_json::Value = entry.body().unwrap();
            let append = body["append"].as_str().unwrap().to_owned();
            let (there, of) = parts.entry(append).or_default();
            *there += 1;
            *of = body["of"].as_u64().unwrap();
            found.insert(entry.seq, entry.hash.to_string());
        }
    }
    for (seq, hash) in known {
        assert_eq!(found.get(seq), Some(hash), "entry {seq} was acknowledged");
    }
    for (append, (there, of)) in parts {
        assert_eq!(there, of, "append {append} is torn");
    }
}
