//! Changes that go wrong on the way: targets that lie and talk nonsense, plans that do not hold any more, two executors.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use server::Clock;

use crate::changing::Changing;
use crate::support::{COUNCIL, write};

/// A target that keeps one file, reached this way.
fn target(via: &Value) -> String {
    json!({
        "apiVersion": "council/v1", "kind": "Target", "metadata": {"name": "switches", "title": "Switches"},
        "spec": {"via": via, "owner": "network", "artefacts": [{"name": "test/vlans", "to": "vlans.yaml"}]},
    })
    .to_string()
}

/// A directory whose reader is told by this command.
fn told_by(words: &[&str]) -> String {
    target(&json!({"directory": {"path": "switches", "reload": {"run": words}}}))
}

fn failure(detail: &Value) -> &str {
    detail["failure"].as_str().expect("a failure")
}

#[tokio::test]
async fn a_target_that_says_success_and_did_nothing_is_found_out() {
    let changing = Changing::with(&told_by(&["rm", "vlans.yaml"]), |_| {}).await;
    let id = changing.drafted().await;
    changing.approved(&id).await;
    let detail = changing.applied(&id, "failed").await;
    let why = failure(&detail);
    assert!(
        why.contains("answered success and did nothing") && why.contains("it is not there"),
        "{why}"
    );
}

#[tokio::test]
async fn a_step_that_undoes_an_earlier_one_is_found_by_the_second_look() {
    // Only the update of the second file takes the first away, after that one was seen to be right.
    let undoes = "grep -q 'mtu: 16' web.yaml && rm vlans.yaml; true";
    let target = json!({
        "apiVersion": "council/v1", "kind": "Target", "metadata": {"name": "switches", "title": "Switches"},
        "spec": {
            "via": {"directory": {"path": "switches", "reload": {"run": ["sh", "-c", undoes]}}}, "owner": "network",
            "disruptive": true, "failure_domain": "rack-1",
            "artefacts": [{"name": "test/vlans", "to": "vlans.yaml"}, {"name": "test/vlans", "to": "web.yaml"}],
        },
    });
    let changing = Changing::with(&target.to_string(), |_| {}).await;
    let first = changing.drafted().await;
    changing.approved(&first).await;
    changing.applied(&first, "done").await;
    changing
        .world
        .write("council.yaml", &COUNCIL.replace("title: Example", "title: Sixteen letters."));
    changing.turned("playbook").await;
    changing.turned("drift").await;
    let id = changing.drafted().await;
    changing.approved(&id).await;
    let detail = changing.applied(&id, "failed").await;
    let why = failure(&detail);
    assert!(why.contains("not idempotent") && why.contains("`switches/file/vlans.yaml`"), "{why}");
}

/// A server that answers nonsense until it is mended.
fn nonsense(mended: Arc<AtomicBool>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = format!("http://{}/-/reload", listener.local_addr().expect("an address"));
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { return };
            let mut asked = [0; 4096];
            let read = stream.read(&mut asked);
            let answer: &[u8] = if mended.load(Ordering::SeqCst) {
                b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
            } else {
                b"\x00\x01 nobody speaks like this\r\n\r\n"
            };
            drop(read.and_then(|_| stream.write_all(answer)));
        }
    });
    address
}

#[tokio::test]
async fn a_target_that_answers_garbage_fails_its_change_which_goes_on_when_it_is_mended() {
    let mended = Arc::new(AtomicBool::new(false));
    let reload = nonsense(mended.clone());
    let via = json!({"http": {"path": "switches", "reload": reload}});
    let changing = Changing::with(&target(&via), |_| {}).await;
    let id = changing.drafted().await;
    changing.approved(&id).await;
    let detail = changing.applied(&id, "failed").await;
    assert!(failure(&detail).contains("Stopped at step #1"), "{}", failure(&detail));
    mended.store(true, Ordering::SeqCst);
    changing.ok(format!("/changes/{id}/application"), &changing.author, Value::Null).await;
    let is_done = |detail: &Value| detail["card"]["stage"] == "done";
    changing.until_it(&id, is_done).await;
    assert!(changing.file().contains("mtu"), "{}", changing.file());
    // What went well at the second attempt had failed at the first.
    let trends = changing.world.read("/api/v1/trends", &changing.author).await;
    let week = trends["weeks"].as_array().and_then(|weeks| weeks.last()).expect("this week");
    assert_eq!((&week["deployed"], &week["failed"]), (&json!(1), &json!(1)));
    assert_eq!(trends["keys"]["failure_rate"], json!(0.5));
}

#[tokio::test]
async fn a_plan_that_was_edited_on_disk_is_not_applied() {
    let changing = Changing::with(&told_by(&["true"]), |_| {}).await;
    let id = changing.drafted().await;
    changing.approved(&id).await;
    let detail = changing.detail(&id, &changing.author).await;
    let hash = detail["plan"]["hash"].as_str().expect("a hash");
    let path = changing.world.directory.path().join(format!("data/plans/{hash}.json"));
    let edited =
        std::fs::read_to_string(&path).expect("the plan").replace("vlans.yaml", "other.yaml");
    write(&path, &edited);
    let detail = changing.applied(&id, "failed").await;
    assert!(failure(&detail).contains("is another one"), "{}", failure(&detail));
    assert_eq!(changing.file(), "");
}

#[tokio::test]
async fn a_file_that_somebody_made_since_the_plan_is_left_alone() {
    let changing = Changing::with(&told_by(&["true"]), |_| {}).await;
    let id = changing.drafted().await;
    changing.approved(&id).await;
    let theirs = changing.world.directory.path().join("data/switches/vlans.yaml");
    write(&theirs, "theirs: 1\n");
    let detail = changing.applied(&id, "failed").await;
    assert!(failure(&detail).contains("council did not write it"), "{}", failure(&detail));
    assert_eq!(changing.file(), "theirs: 1\n");
}

/// A clock that runs ahead as far as a test wants.
fn ahead(seconds: Arc<AtomicI64>) -> Clock {
    Clock::driven(move || {
        let ahead = SignedDuration::from_secs(seconds.load(Ordering::SeqCst));
        Timestamp::now().checked_add(ahead).expect("in range")
    })
}

#[tokio::test]
async fn while_another_executor_holds_the_lease_nothing_is_begun() {
    let changing = Changing::with(&told_by(&["true"]), |_| {}).await;
    let id = changing.drafted().await;
    changing.approved(&id).await;
    let state = &changing.world.running.state;
    let minute = SignedDuration::from_mins(1);
    let lease = state.ledger().lease(&format!("apply/{id}"), "another", Timestamp::now(), minute);
    let lease = lease.expect("it is free");
    changing.ok(format!("/changes/{id}/application"), &changing.author, Value::Null).await;
    changing.turned("apply").await;
    let detail = changing.detail(&id, &changing.author).await;
    assert_eq!(
        (&detail["card"]["stage"], &detail["steps"]["done"]),
        (&json!("applying"), &json!(0))
    );
    assert_eq!(changing.file(), "");
    state.ledger().release(&lease, Timestamp::now()).expect("it is ours");
    changing.until(&id, "done").await;
}

/// A pipe that a program waits at until somebody opens its other end.
fn pipe(path: &Path) {
    let made = std::process::Command::new("mkfifo").arg(path).status().expect("mkfifo runs");
    assert!(made.success());
}

/// Opens the other end, which waits until a program is there.
async fn meet(path: &Path) -> std::fs::File {
    let path = path.to_owned();
    let open = move || std::fs::OpenOptions::new().write(true).open(path).expect("the pipe");
    tokio::task::spawn_blocking(open).await.expect("it opens")
}

#[tokio::test]
async fn an_executor_that_lost_its_lease_in_the_middle_of_a_step_writes_nothing_more() {
    let folder = tempfile::tempdir().expect("a directory");
    let waits = folder.path().join("waits");
    pipe(&waits);
    let seconds = Arc::new(AtomicI64::new(0));
    let clock = ahead(seconds.clone());
    let told = told_by(&["cat", waits.to_str().expect("text")]);
    let changing = Changing::with(&told, |config| config.clock = clock.clone()).await;
    let id = changing.drafted().await;
    changing.approved(&id).await;
    changing.ok(format!("/changes/{id}/application"), &changing.author, Value::Null).await;
    let first = meet(&waits).await;
    // The executor hangs in the step; its lease runs out, and somebody else takes over.
    seconds.store(61, Ordering::SeqCst);
    let ledger = changing.world.running.state.ledger();
    let minute = SignedDuration::from_mins(1);
    let lease = ledger.lease(&format!("apply/{id}"), "another", clock.now(), minute);
    let lease = lease.expect("it has run out");
    drop(first);
    changing.turned("apply").await;
    let detail = changing.detail(&id, &changing.author).await;
    assert_eq!(
        detail["steps"],
        json!({"total": 1, "under_way": 1, "done": 0, "failed": 0}),
        "what it did afterwards is not written down: {detail:#}"
    );
    ledger.release(&lease, clock.now()).expect("it is ours");
    // The effect is there, and whoever takes over sees that and writes it down.
    let detail = changing.until(&id, "done").await;
    assert_eq!(detail["steps"]["done"], 1);
    let stream = ledger::Stream::new(format!("change/{id}")).expect("a name");
    let entries = ledger.stream(&stream, 0).expect("entries");
    let places = |kind: &str| -> Vec<usize> {
        let all = entries.iter().enumerate().filter(|(_, entry)| entry.kind == kind);
        all.map(|(at, _)| at).collect()
    };
    let (begun, done) = (places("change.apply-started"), places("change.step-done"));
    assert_eq!(done.len(), 1, "{begun:?} {done:?}");
    assert!(
        done.first() > begun.last(),
        "only the executor that took over wrote: {begun:?} {done:?}"
    );
}
