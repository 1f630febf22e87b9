//! Folds, and what they were at an earlier moment.

use std::collections::BTreeMap;

use ledger::{Append, AsOf, Entry, Fold, Stream};
use serde_json::json;

use crate::support::{Home, at, draft, put};

#[derive(Debug, Default, PartialEq, serde::Serialize, serde::Deserialize)]
struct Counts(BTreeMap<Stream, u64>);

impl Fold for Counts {
    const NAME: &'static str = "counts";
    const VERSION: u32 = 1;
    fn apply(&mut self, entry: &Entry) {
        *self.0.entry(entry.stream.clone()).or_default() += 1;
    }
}

fn total(counts: &Counts) -> u64 {
    counts.0.values().sum()
}

#[test]
fn a_fold_follows_the_ledger_and_can_look_back() {
    let home = Home::new();
    let ledger = home.open();
    for number in 0..10 {
        put(&ledger, "decision/D-1", number);
    }
    let mut folded = ledger.fold::<Counts>().unwrap();
    assert_eq!(total(&folded.state), 10);
    put(&ledger, "decision/D-2", 10);
    assert_eq!(ledger.catch_up(&mut folded).unwrap(), 1);
    assert_eq!((total(&folded.state), folded.head), (11, ledger.head()));
    let count = |moment| total(&ledger.fold_as_of::<Counts>(moment).unwrap().state);
    assert_eq!(count(AsOf::Seq(4)), 4);
    assert_eq!(count(AsOf::Seq(99)), 11);
    assert_eq!(count(AsOf::Time(at(-1))), 0);
    assert_eq!(count(AsOf::Time(at(3))), 4);
    assert_eq!(count(AsOf::Time(at(99))), 11);
}

#[test]
fn a_long_ledger_leaves_snapshots_that_a_damaged_cache_cannot_mislead() {
    let home = Home::new();
    let ledger = home.open();
    let drafts = || (0..1000).map(|_| draft("decision/D-1", json!(1)));
    for _ in 0..ledger::limits::SNAPSHOT_EVERY / 1000 {
        ledger.append(Append::new(drafts(), at(0))).unwrap();
    }
    assert_eq!(total(&ledger.fold::<Counts>().unwrap().state), ledger.head().seq);
    drop(ledger);
    let at_snapshot = |sql: &str| {
        let database = rusqlite::Connection::open(&home.path).unwrap();
        database.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap_or(-1)
    };
    assert_eq!(at_snapshot("SELECT seq FROM snapshots"), 20_000);
    put(&home.open(), "decision/D-1", 1);
    at_snapshot("UPDATE snapshots SET state = x'7b7d' RETURNING seq");
    // The damage was done behind the ledger's back; the sums of the pages are not what this test is about.
    std::fs::remove_file(format!("{}-sums", home.path.display())).unwrap();
    assert_eq!(total(&home.open().fold::<Counts>().unwrap().state), 20_001);
}

#[test]
fn an_empty_ledger_has_a_state_at_every_moment() {
    let home = Home::new();
    let ledger = home.open();
    for moment in [AsOf::Seq(0), AsOf::Seq(7), AsOf::Time(at(0))] {
        assert_eq!(total(&ledger.fold_as_of::<Counts>(moment).unwrap().state), 0);
    }
}
