//! The ledger in a real PostgreSQL: moved there and back, and shared by two councils.

use std::process::Command;

use crate::ledger::with_ledger;
use crate::postgres::Postgres;
use crate::support::{Run, Scratch};
use crate::up::Server;

/// How often a replica is asked for what the other one wrote. Each question takes a process of its own, so this is a
/// matter of seconds; news takes milliseconds.
const PATIENCE: usize = 50;

/// Runs `council` with a shared ledger.
fn sharing(scratch: &Scratch, address: &str, arguments: &[&str]) -> Run {
    let mut command = scratch.command();
    command.env("COUNCIL_LEDGER", address).args(arguments);
    Run::of(&command.output().unwrap(), scratch.path())
}

#[track_caller]
fn done(run: Run) -> Run {
    assert_eq!(run.code, 0, "{}", run.shown());
    assert!(!run.shown().contains("s3cret"), "a password is shown: {}", run.shown());
    run
}

#[test]
fn a_ledger_moves_to_a_database_and_back_by_one_command_each() {
    let Some(postgres) = Postgres::start(&["fsync=off"]) else { return };
    let address = postgres.database("council");
    let scratch = with_ledger();
    let here = done(scratch.council("ledger show --format json")).json();

    let nowhere = scratch.council("ledger migrate");
    assert_eq!(nowhere.code, 2, "{nowhere:?}");
    assert!(nowhere.err.contains("COUNCIL_LEDGER"), "{nowhere:?}");
    let empty = sharing(&scratch, &address, &["ledger", "show"]);
    assert_eq!(empty.code, 1, "looking makes nothing: {empty:?}");
    assert!(empty.err.contains("there is no ledger in the database"), "{empty:?}");

    let moved = done(sharing(&scratch, &address, &["ledger", "migrate"]));
    let place = format!("council@127.0.0.1:{}/council", postgres.port);
    let line = format!("SCRATCH/.council/ledger.db to {place}: proven up to entry 3\n");
    assert!(moved.out.starts_with(&line), "{moved:?}");
    assert!(moved.out.contains("3 entries copied; with"), "{moved:?}");
    let again = done(sharing(&scratch, &address, &["ledger", "migrate"]));
    assert!(again.out.contains("0 entries copied, 3 had been there"), "{again:?}");

    let verified = done(sharing(&scratch, &address, &["ledger", "verify"]));
    assert!(
        verified.out.starts_with(&format!("{place}: intact\n3 entries hashed")),
        "{verified:?}"
    );
    let there = done(sharing(&scratch, &address, &["ledger", "show", "--format", "json"])).json();
    assert_eq!(there, here);

    let back = done(sharing(&scratch, &address, &["ledger", "migrate", "--to", "back/ledger.db"]));
    assert!(back.err.contains("copy the key file"), "{back:?}");
    let home = done(scratch.council("ledger show --data back --format json")).json();
    assert_eq!(home, here);
}

#[test]
fn an_address_that_leads_nowhere_says_so_without_the_password() {
    let scratch = Scratch::staffed();
    for (address, words) in [
        ("mysql://ana:s3cret@127.0.0.1/council", "COUNCIL_LEDGER is not the address of a database"),
        ("postgres://ana:s3cret@127.0.0.1:1/council", "ana@127.0.0.1:1/council"),
        ("postgres://ana:s3cret@127.0.0.1:1/council?sslmode=prefer", "sslmode"),
    ] {
        let run = sharing(&scratch, address, &["up", "--listen", "127.0.0.1:0"]);
        assert_ne!(run.code, 0, "{run:?}");
        assert!(run.err.contains(words) && !run.shown().contains("s3cret"), "{}", run.shown());
    }
}

/// A council over a shared ledger, signed in to.
struct Replica {
    scratch: Scratch,
    server: Server,
}

impl Replica {
    fn start(address: &str, keys: Option<&[u8]>) -> Self {
        Self::start_with(address, keys, "")
    }

    /// The same, with more in its playbook.
    fn start_with(address: &str, keys: Option<&[u8]>, more: &str) -> Self {
        let scratch = Scratch::staffed();
        scratch.write("more.yaml", more);
        if let Some(keys) = keys {
            use std::os::unix::fs::PermissionsExt as _;
            let file = scratch.write(".council/ledger.db-keys", keys);
            std::fs::set_permissions(file, std::fs::Permissions::from_mode(0o600)).unwrap();
        }
        let server = Server::start_with(&scratch, |command: &mut Command| {
            command.env("COUNCIL_LEDGER", address);
        });
        done(scratch.run(&["login", &server.sign_in_link(), "--as", "ben"]));
        Self { scratch, server }
    }

    fn raise(&self, name: &str) {
        done(self.scratch.run(&["question", "raise", name, &format!("What about {name}?")]));
    }

    /// What it says of itself, once it answers with a status.
    #[track_caller]
    fn readiness(&self, status: &str) -> String {
        let mut answer = String::new();
        for _ in 0..PATIENCE * 100 {
            answer = self.server.get("/readyz");
            if answer.starts_with(&format!("HTTP/1.1 {status}")) {
                return answer;
            }
        }
        panic!("it never became {status}: {answer}");
    }

    /// The texts of all questions, once there are so many.
    #[track_caller]
    fn questions(&self, wanted: usize) -> Vec<String> {
        for _ in 0..PATIENCE {
            let list = done(self.scratch.run(&["question", "list", "--format", "json"])).json();
            let rows = list["open"].as_array().unwrap();
            if rows.len() >= wanted {
                let title = |row: &serde_json::Value| row["title"].as_str().unwrap().to_owned();
                let mut texts: Vec<String> = rows.iter().map(title).collect();
                texts.sort();
                return texts;
            }
        }
        panic!("{wanted} questions never arrived");
    }
}

#[test]
fn two_councils_share_a_ledger_and_one_goes_on_when_the_other_is_killed() {
    const EACH: usize = 4;
    let Some(postgres) = Postgres::start(&["fsync=off"]) else { return };
    let address = postgres.database("council");
    let one = Replica::start(&address, None);

    let stranger = Scratch::staffed();
    let refused = sharing(&stranger, &address, &["up", "--listen", "127.0.0.1:0"]);
    assert_eq!(refused.code, 1, "{refused:?}");
    assert!(refused.err.contains("ledger.db-keys"), "{refused:?}");
    assert!(!stranger.path().join(".council/ledger.db-keys").exists(), "no wrong keys are left");

    let keys = std::fs::read(one.scratch.path().join(".council/ledger.db-keys")).unwrap();
    let two = Replica::start(&address, Some(&keys));
    std::thread::scope(|scope| {
        for (name, replica) in [("one", &one), ("two", &two)] {
            scope.spawn(move || {
                (0..EACH).for_each(|number| replica.raise(&format!("{name}-{number}")));
            });
        }
    });
    let expected = one.questions(2 * EACH);
    assert_eq!(expected.len(), 2 * EACH);
    assert_eq!(two.questions(2 * EACH), expected, "both know the same");

    let Replica { scratch: _kept, server } = one;
    // Killed, not stopped.
    drop(server);
    two.raise("who-is-left");
    assert_eq!(two.questions(2 * EACH + 1).len(), 2 * EACH + 1);
    let verified = done(sharing(&two.scratch, &address, &["ledger", "verify"]));
    assert!(verified.out.contains(": intact"), "{verified:?}");
}

/// A webhook on this machine, and the keys and subjects of what it was sent.
fn webhook() -> (String, std::sync::mpsc::Receiver<(String, String)>) {
    use std::io::{BufRead as _, BufReader, Read as _, Write as _};
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}/hook", listener.local_addr().unwrap());
    let (sender, receiver) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = BufReader::new(stream.unwrap());
            let mut length = 0;
            loop {
                let mut line = String::new();
                stream.read_line(&mut line).unwrap();
                let header = line.trim().to_ascii_lowercase();
                if header.is_empty() {
                    break;
                }
                if let Some(value) = header.strip_prefix("content-length: ") {
                    length = value.parse().unwrap();
                }
            }
            let mut body = vec![0; length];
            stream.read_exact(&mut body).unwrap();
            let answer = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
            stream.get_mut().write_all(answer.as_bytes()).unwrap();
            let told: serde_json::Value = serde_json::from_slice(&body).unwrap();
            let text = |name: &str| told[name].as_str().unwrap().to_owned();
            if sender.send((text("key"), text("subject"))).is_err() {
                break;
            }
        }
    });
    (address, receiver)
}

#[test]
fn of_two_councils_one_tells_people_and_the_other_goes_on_within_seconds() {
    let Some(postgres) = Postgres::start(&["fsync=off"]) else { return };
    let address = postgres.database("council");
    let (hook, told) = webhook();
    let more = format!(
        "apiVersion: council/v1
kind: NotificationChannel
metadata: {{name: hook}}
spec: {{by: webhook, url: '{hook}'}}
---
apiVersion: council/v1
kind: EscalationPolicy
metadata: {{name: all}}
spec: {{default: true, steps: [{{notify: [person/ana], wait: 2h}}]}}
"
    );
    let one = Replica::start_with(&address, None, &more);
    let keys = std::fs::read(one.scratch.path().join(".council/ledger.db-keys")).unwrap();
    let two = Replica::start_with(&address, Some(&keys), &more);
    let declare = |replica: &Replica, title: &str| {
        done(replica.scratch.run(&["incident", "declare", title]));
    };
    let patience = std::time::Duration::from_secs(PATIENCE as u64);
    let mut all = Vec::new();
    // What was on its way when somebody was killed is told again under its number, by which whoever gets it knows it.
    let mut next = |wanted: &str, on_its_way: Option<&str>| loop {
        let (key, subject) = told.recv_timeout(patience).unwrap();
        if subject.contains(wanted) {
            all.push(key.clone());
            break key;
        }
        assert_eq!(Some(key.as_str()), on_its_way, "{subject}");
    };
    // Whoever it is said to: one of them tells it, once.
    declare(&one, "first");
    next("first", None);
    declare(&two, "second");
    let last = next("second", None);

    // The one that leads was there first. It is killed, not stopped.
    let Replica { scratch: _kept, server } = one;
    drop(server);
    let began = std::time::Instant::now();
    declare(&two, "third");
    next("third", Some(&last));
    println!(
        "the other council told it {:.1} s after the first was killed",
        began.elapsed().as_secs_f64()
    );
    declare(&two, "fourth");
    next("fourth", Some(&last));
    let rest: Vec<_> = told.try_iter().collect();
    assert!(rest.is_empty(), "nothing is told twice: {rest:?}");
    all.sort();
    all.dedup();
    assert_eq!(all.len(), 4, "{all:?}");
}

#[test]
fn a_council_whose_database_is_away_says_so_and_goes_on_when_it_is_back() {
    let Some(mut postgres) = Postgres::start(&["fsync=off"]) else { return };
    let address = postgres.database("council");
    let council = Replica::start(&address, None);
    council.raise("before");
    postgres.kill();
    let answer = council.readiness("503");
    assert!(answer.contains("does not answer") && !answer.contains("s3cret"), "{answer}");
    let refused = council.scratch.run(&["question", "raise", "while", "What now?"]);
    assert_ne!(refused.code, 0, "{refused:?}");
    assert!(refused.shown().contains("does not answer"), "{}", refused.shown());
    postgres.resume();
    council.readiness("200");
    council.raise("after");
    assert_eq!(council.questions(2), ["What about after?", "What about before?"]);
}
