//! The guide "How to write a target" shows code that compiles, and that does what the guide says.
#![expect(unreachable_pub, reason = "the guide's code stands in a crate of its own for its reader")]

#[path = "guide/board.rs"]
mod board;

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use board::{Board, BoardTarget};
use jiff::Timestamp;
use plan::execute::{End, Fence, MemoryJournal, Outcome, Pace, Run, run};
use plan::{
    Artefacts, Clock, Desired, FingerprintKey, Job, Plan, ResourceId, Scope, Target, Targets,
    Terms, plan,
};

fn now() -> Timestamp {
    Timestamp::UNIX_EPOCH
}

/// Time stands still: nothing in this test takes any.
struct Still;

impl Clock for Still {
    fn now(&self) -> Timestamp {
        now()
    }

    fn sleep_until(&self, _: Timestamp) -> Job<'_, ()> {
        Box::pin(std::future::pending())
    }
}

fn board() -> (&'static Board, Arc<dyn Target>) {
    let board: &Board = Box::leak(Box::default());
    (board, Arc::new(BoardTarget { name: "board".to_owned(), board, now }))
}

fn notices(all: &[(&str, &str)]) -> Vec<Desired> {
    let id = |title: &str| ResourceId::new("board", "notice", title);
    all.iter().map(|(title, text)| Desired::new(id(title)).field("text", *text)).collect()
}

async fn planned(target: &Arc<dyn Target>, wanted: &[Desired]) -> Plan {
    plan(None, wanted, &target.observe(Scope::All).await, &Terms::new("r1", now()))
}

async fn execute(target: &Arc<dyn Target>, plan: &Plan, journal: &MemoryJournal) -> Outcome {
    let mut targets = Targets::new();
    targets.insert("board", target.clone());
    run(Run {
        plan,
        artefacts: &Artefacts::new(),
        targets: &targets,
        journal,
        fence: &Fence { lease: "apply".to_owned(), token: 1, generation: plan.generation() },
        clock: &Still,
        fingerprints: &FingerprintKey::default(),
        pace: Pace { attempts: 1, ..Pace::default() },
        stop: &AtomicBool::new(false),
    })
    .await
}

#[tokio::test]
async fn the_target_of_the_guide_makes_changes_and_takes_away() {
    let (board, target) = board();
    let wanted = notices(&[("fire drill", "Thursday 10:00"), ("menu", "soup")]);
    let first = planned(&target, &wanted).await;
    assert_eq!(execute(&target, &first, &MemoryJournal::new()).await.end, End::Done);
    assert_eq!(board.notices.lock().unwrap()["menu"], "soup");
    assert!(planned(&target, &wanted).await.is_empty());

    let second = planned(&target, &notices(&[("menu", "stew")])).await;
    assert_eq!(second.steps().len(), 2);
    assert_eq!(execute(&target, &second, &MemoryJournal::new()).await.end, End::Done);
    assert_eq!(board.notices.lock().unwrap().len(), 1);
    // Once more, by an executor that knows nothing of the first: every step is there already.
    assert_eq!(execute(&target, &second, &MemoryJournal::new()).await.end, End::Done);
}

#[tokio::test]
async fn the_target_of_the_guide_is_silent_when_its_system_is_away() {
    let (board, target) = board();
    board.notices.lock().unwrap().insert("menu".to_owned(), "soup".to_owned());
    *board.away.lock().unwrap() = true;
    let plan = planned(&target, &notices(&[("drill", "x")])).await;
    assert!(plan.is_empty(), "nothing is made, and nothing destroyed");
    assert_eq!(plan.report().len(), 1);
}

#[test]
fn the_guide_shows_this_very_code() {
    let guide = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/guides/write-a-target.md");
    let guide = std::fs::read_to_string(guide).unwrap();
    assert!(
        guide.contains(&format!("```rust\n{}```", include_str!("guide/board.rs"))),
        "docs/guides/write-a-target.md shows other code than crates/plan/tests/guide/board.rs"
    );
}
