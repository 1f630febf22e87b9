//! What several tests want.

use std::sync::Arc;

use jiff::Timestamp;
use ledger::{Append, Draft, Entry, Fold, Header, Keys, Ledger, Query, Stream, Trust};
use ledger_postgres::PostgresStore;
use serde_json::json;

/// The noon at which all tests happen.
pub(crate) fn noon() -> Timestamp {
    "2026-11-23T12:00:00Z".parse().unwrap()
}

/// Opens the store at an address.
pub(crate) fn store(address: &str) -> PostgresStore {
    PostgresStore::open(address, &Header::new([7; 16])).unwrap()
}

/// Opens a ledger at an address, as one replica would.
pub(crate) fn replica(address: &str, keys: &Keys) -> Ledger {
    Ledger::over(Arc::new(store(address)), keys.clone()).unwrap()
}

/// A stream by its name.
pub(crate) fn stream(name: &str) -> Stream {
    Stream::new(name).unwrap()
}

/// An append of one entry that says who it is.
pub(crate) fn append(to: &str, id: &str) -> Append {
    Append::new(
        [Draft::new(stream(to), "test.written", "test/replica", json!({ "id": id }))],
        noon(),
    )
}

/// Every entry of a ledger.
pub(crate) fn everything(ledger: &Ledger) -> Vec<Entry> {
    let mut all: Vec<Entry> = Vec::new();
    loop {
        let after = all.last().map_or(0, |entry| entry.seq);
        let page = ledger.entries(&Query { after, ..Query::default() }).unwrap();
        if page.is_empty() {
            return all;
        }
        all.extend(page);
    }
}

/// What an entry that [`append`] made says.
pub(crate) fn id_of(entry: &Entry) -> String {
    entry.body::<serde_json::Value>().unwrap()["id"].as_str().unwrap().to_owned()
}

/// Proves a ledger.
#[track_caller]
pub(crate) fn assert_intact(ledger: &Ledger, entries: u64) {
    let report = ledger.verify(&Trust::default()).unwrap();
    assert!(report.is_intact(), "{:?}", report.findings);
    assert_eq!(report.entries, entries);
}

/// A fold whose state depends on every entry and on their order.
#[derive(Debug, Default, PartialEq, serde::Serialize, serde::Deserialize)]
pub(crate) struct Order(pub(crate) Vec<String>);

impl Fold for Order {
    const NAME: &'static str = "order";
    const VERSION: u32 = 1;
    fn apply(&mut self, entry: &Entry) {
        self.0.push(entry.hash.short());
    }
}
