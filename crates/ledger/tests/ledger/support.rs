//! What the tests share: a ledger in a directory of its own, and short ways to write to it.

use std::path::PathBuf;

use jiff::{SignedDuration, Timestamp};
use ledger::{Append, Appended, Draft, Ledger, Options, Stream};
use serde_json::{Value, json};

/// A ledger that vanishes with its directory.
pub(crate) struct Home {
    _directory: tempfile::TempDir,
    pub(crate) path: PathBuf,
}

impl Home {
    pub(crate) fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("ledger.db");
        Self { _directory: directory, path }
    }

    pub(crate) fn open(&self) -> Ledger {
        Ledger::open(&self.path, &Options::throw_away()).unwrap()
    }
}

pub(crate) fn stream(name: &str) -> Stream {
    Stream::new(name).unwrap()
}

/// A fixed moment and some seconds.
pub(crate) fn at(seconds: i64) -> Timestamp {
    let start: Timestamp = "2026-11-22T12:00:00Z".parse().unwrap();
    start + SignedDuration::from_secs(seconds)
}

pub(crate) fn draft(name: &str, body: Value) -> Draft {
    Draft::new(stream(name), "test.happened", "person/ana", body)
}

/// Appends one entry to a stream.
pub(crate) fn put(ledger: &Ledger, name: &str, number: i64) -> Appended {
    ledger.append(Append::new([draft(name, json!({ "number": number }))], at(number))).unwrap()
}
