//! Measures one and two replicas over a real PostgreSQL beside plain inserts into it, and prints one JSON object a line.
//!
//! A replica is a process of its own, as in a company, with threads that append one entry at a time under an expectation
//! and wait for the answer. The peer is what the same server does with the same rows when nobody chains, checks, orders or
//! is woken: sessions that insert one row and commit, at once. All are taken in turns within one run, over the same
//! server with everything durable. Run it in release; `--quick` shortens it.
#![expect(clippy::print_stdout, reason = "the figures are the output")]
#![expect(clippy::unwrap_used, clippy::panic, reason = "a benchmark that fails has no figures")]

#[path = "../tests/it/postgres.rs"]
#[expect(dead_code, reason = "a benchmark breaks nothing")]
mod postgres;

use std::error::Error;
use std::io::Read as _;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use ledger::{Append, AppendError, Draft, Header, Keys, Ledger, Stream, Trust};
use ledger_postgres::PostgresStore;
use serde_json::json;

use crate::postgres::Postgres;

/// What the binary allocates with.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

type Outcome<T> = Result<T, Box<dyn Error>>;

/// Callers at each replica, and sessions of the peer: a busy hour of a large company.
const CALLERS: u32 = 64;

/// How long, and how often.
struct Effort {
    lasting: Duration,
    rounds: usize,
}

fn main() -> Outcome<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [flag, address, name, millis] = arguments.as_slice()
        && flag == "--replica"
    {
        return replica(address, name, Duration::from_millis(millis.parse()?));
    }
    let quick = arguments.iter().any(|argument| argument == "--quick");
    let effort = if quick {
        Effort { lasting: Duration::from_millis(1500), rounds: 3 }
    } else {
        Effort { lasting: Duration::from_secs(4), rounds: 5 }
    };
    let Some(server) = Postgres::start(&["max_connections=200"]) else { return Ok(()) };
    let mut rounds: [Vec<f64>; 3] = Default::default();
    let (mut conflicts, mut appends) = (0, 0);
    for round in 0..effort.rounds {
        let raw = raw(&server.database(&format!("raw_{round}")), effort.lasting)?;
        let one = replicas(&server.database(&format!("one_{round}")), 1, effort.lasting)?;
        let two = replicas(&server.database(&format!("two_{round}")), 2, effort.lasting)?;
        conflicts += two.conflicts;
        appends += two.appends;
        for (all, figure) in rounds.iter_mut().zip([raw, one.rate, two.rate]) {
            all.push(figure);
        }
    }
    let [raw, one, two] = rounds.map(median);
    let plain = format!("plain inserts, {CALLERS} sessions, same server");
    print("ledger on PostgreSQL: one replica", one, "appends/s", Some((&plain, raw)));
    print("ledger on PostgreSQL: two replicas", two, "appends/s", Some((&plain, raw)));
    print(
        "ledger on PostgreSQL: two replicas over one",
        two / one,
        "times",
        Some(("wanted at least", 1.6)),
    );
    let share = 100.0 * f64::from(conflicts) / f64::from(appends.max(1));
    print("ledger on PostgreSQL: conflicts", share, "%", Some(("wanted at most", 1.0)));
    Ok(())
}

fn print(name: &str, value: f64, unit: &str, peer: Option<(&str, f64)>) {
    let (peer, peer_value) = peer.unzip();
    let rounded = |value: f64| (value * 100.0).round() / 100.0;
    let figure = json!({
        "name": name, "value": rounded(value), "unit": unit,
        "peer": peer, "peer_value": peer_value.map(rounded),
    });
    println!("{figure}");
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// What replicas have done together.
struct Done {
    rate: f64,
    appends: u32,
    conflicts: u32,
}

/// Starts processes, lets them append, and proves what they made.
fn replicas(address: &str, number: u32, lasting: Duration) -> Outcome<Done> {
    let store = PostgresStore::open(address, &Header::new([7; 16]))?;
    let running: Vec<Child> = (0..number)
        .map(|number| {
            Command::new(std::env::current_exe()?)
                .args(["--replica", address, &number.to_string(), &lasting.as_millis().to_string()])
                .stdout(Stdio::piped())
                .spawn()
        })
        .collect::<Result<_, _>>()?;
    let mut done = Done { rate: 0.0, appends: 0, conflicts: 0 };
    for mut child in running {
        let mut said = String::new();
        child.stdout.take().ok_or("no output")?.read_to_string(&mut said)?;
        child.wait()?;
        let mut words = said.split_whitespace();
        let mut next = || words.next().ok_or("a replica said nothing");
        let (appends, conflicts, seconds): (u32, u32, f64) =
            (next()?.parse()?, next()?.parse()?, next()?.parse()?);
        done.rate += f64::from(appends) / seconds;
        done.appends += appends;
        done.conflicts += conflicts;
    }
    let ledger = Ledger::over(Arc::new(store), Keys::generate()?)?;
    let report = ledger.verify(&Trust::default())?;
    if !report.is_intact() || report.entries != u64::from(done.appends) {
        return Err(format!("the chain is broken: {:?}", report.findings).into());
    }
    Ok(done)
}

/// One replica: says how many appends went through, how many were refused, and in how many seconds.
fn replica(address: &str, name: &str, lasting: Duration) -> Outcome<()> {
    let store = PostgresStore::find(address)?;
    let ledger = Ledger::over(Arc::new(store), Keys::generate()?)?;
    let start = Instant::now();
    let results: Vec<(u32, u32)> = std::thread::scope(|scope| {
        let callers: Vec<_> = (0..CALLERS)
            .map(|caller| {
                let ledger = &ledger;
                scope.spawn(move || call(ledger, &format!("{name}-{caller}"), start, lasting))
            })
            .collect();
        callers.into_iter().map(|caller| caller.join().unwrap()).collect()
    });
    let (appends, conflicts) =
        results.iter().fold((0, 0), |(a, c), (more, lost)| (a + more, c + lost));
    println!("{appends} {conflicts} {}", start.elapsed().as_secs_f64());
    Ok(())
}

fn call(ledger: &Ledger, name: &str, start: Instant, lasting: Duration) -> (u32, u32) {
    let (mut appends, mut conflicts) = (0, 0);
    while start.elapsed() < lasting {
        // Twenty entries make a record, as in the ledger's own benchmark.
        let stream = Stream::new(format!("decision/D-{name}-{}", appends / 20)).unwrap();
        let version = u64::from(appends % 20);
        let append = Append::new([draft(&stream, appends)], Timestamp::now());
        match ledger.append(append.expect(stream, version)) {
            Ok(_) => appends += 1,
            Err(AppendError::Conflict { .. }) => conflicts += 1,
            Err(error) => panic!("{error:?}"),
        }
    }
    (appends, conflicts)
}

fn body(number: u32) -> serde_json::Value {
    json!({
        "number": number,
        "title": "Raise the quota of the data team",
        "reason": "The nightly pipeline has grown by a third since spring, and waits for memory.",
        "seats": ["platform", "finops"],
    })
}

fn draft(stream: &Stream, number: u32) -> Draft {
    let draft = Draft::new(stream.clone(), "decision.voted", "person/ana", body(number));
    draft.caused_by("request/7c1f")
}

/// Sessions that each insert a row and commit, as fast as they are answered.
fn raw(address: &str, lasting: Duration) -> Outcome<f64> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let (client, connection) = tokio_postgres::connect(address, tokio_postgres::NoTls).await?;
        tokio::spawn(connection);
        client
            .batch_execute(
                "CREATE TABLE plain (
                    seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, stream TEXT NOT NULL,
                    version BIGINT NOT NULL, kind TEXT NOT NULL, at TEXT NOT NULL, actor TEXT NOT NULL,
                    cause TEXT, body TEXT NOT NULL, prev_hash BYTEA NOT NULL, hash BYTEA NOT NULL);
                 CREATE UNIQUE INDEX plain_by_stream ON plain (stream, version);",
            )
            .await?;
        // Signing in takes longer than many inserts, and is not what is measured.
        let mut clients = Vec::new();
        for _ in 0..CALLERS {
            let (client, connection) =
                tokio_postgres::connect(address, tokio_postgres::NoTls).await?;
            tokio::spawn(connection);
            clients.push(client);
        }
        let start = Instant::now();
        let sessions: Vec<_> = clients
            .into_iter()
            .zip(0..)
            .map(|(client, session)| tokio::spawn(insert(client, session, start, lasting)))
            .collect();
        let mut rows = 0;
        for session in sessions {
            rows += session.await??;
        }
        Ok(f64::from(rows) / start.elapsed().as_secs_f64())
    })
}

async fn insert(
    client: tokio_postgres::Client,
    session: u32,
    start: Instant,
    lasting: Duration,
) -> Result<u32, tokio_postgres::Error> {
    let statement = client
        .prepare(
            "INSERT INTO plain (stream, version, kind, at, actor, cause, body, prev_hash, hash)
             VALUES ($1, $2, 'decision.voted', '2026-11-22T12:00:00.000000Z', 'person/ana', 'request/7c1f', $3, $4, $5)",
        )
        .await?;
    let mut rows = 0;
    while start.elapsed() < lasting {
        let stream = format!("decision/D-{session}-{}", rows / 20);
        let version = i64::from(rows % 20);
        let (body, hash) = (body(rows).to_string(), [7_u8; 32].as_slice());
        client.execute(&statement, &[&stream, &version, &body, &hash, &hash]).await?;
        rows += 1;
    }
    Ok(rows)
}
