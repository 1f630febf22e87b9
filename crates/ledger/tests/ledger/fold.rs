//! Folds, and what they were at an earlier moment.

use std::collections::BTreeMap;

use ledger::{AsOf, Entry, Fold, Stream};

use crate::support::{Home, at, put};

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
