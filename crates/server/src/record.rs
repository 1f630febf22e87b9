//! The record: the ledger folded into what has happened so far, kept current for readers.
//!
//! Readers take an `Arc` and keep it as long as they like. The keeper brings the next one up to date out of
//! sight and then swaps it in. The one swapped out is brought up to date next, when nobody reads it any more;
//! otherwise it is cloned. So a new entry costs its own work twice and not a copy of everything.

use std::sync::{Arc, Mutex, PoisonError};

use arc_swap::ArcSwap;
use ledger::{AsOf, Entry, Fold, Folded, Ledger, StoreError};
use serde::{Deserialize, Serialize};
use tokio::sync::watch;

/// The folded state of all streams as of one entry.
pub type Record = Folded<State>;

/// Everything that has happened, by whose record it is.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct State {
    /// Decisions, rituals, actions, questions, feedback.
    pub council: governance::State,
    /// Changes and freezes.
    pub changes: gitops::record::State,
    /// Incidents, postmortems and swaps of shifts.
    pub reliability: reliability::record::State,
    /// What hardening audits found.
    #[serde(default)]
    pub hardening: fleet::hardening::record::State,
}

impl State {
    /// The version of a stream; 0 when nothing was ever written to it.
    pub fn version(&self, stream: &str) -> u64 {
        let versions = [
            self.council.version(stream),
            self.changes.version(stream),
            self.reliability.version(stream),
            self.hardening.version(stream),
        ];
        versions.into_iter().max().unwrap_or(0)
    }
}

impl Fold for State {
    const NAME: &'static str = "council";
    // Three digits for each part, so that a new version of any is a new one of the whole.
    const VERSION: u32 = ((governance::State::VERSION * 1_000 + gitops::record::State::VERSION)
        * 1_000
        + reliability::record::State::VERSION)
        * 1_000
        + fleet::hardening::record::State::VERSION;

    fn apply(&mut self, entry: &Entry) {
        self.council.apply(entry);
        self.changes.apply(entry);
        self.reliability.apply(entry);
        self.hardening.apply(entry);
    }
}

/// Keeps the record current.
#[derive(Debug)]
pub(crate) struct Keeper {
    ledger: Ledger,
    current: ArcSwap<Record>,
    spare: Mutex<Option<Arc<Record>>>,
    seen: watch::Sender<u64>,
}

impl Keeper {
    /// Folds everything there is.
    pub(crate) fn new(ledger: Ledger) -> Result<Self, StoreError> {
        let folded = ledger.fold::<State>()?;
        let (seen, _) = watch::channel(folded.head.seq);
        Ok(Self { ledger, current: ArcSwap::from_pointee(folded), spare: Mutex::default(), seen })
    }

    /// The record as of the newest entry that was taken in.
    pub(crate) fn current(&self) -> Arc<Record> {
        self.current.load_full()
    }

    /// Takes in all entries that are durable by now. Returns how many were new.
    pub(crate) fn catch_up(&self) -> Result<u64, StoreError> {
        // The lock makes one caller at a time the writer; readers never wait for it.
        let mut spare = self.spare.lock().unwrap_or_else(PoisonError::into_inner);
        let current = self.current.load_full();
        let behind = self.ledger.head().seq.saturating_sub(current.head.seq);
        if behind == 0 {
            return Ok(0);
        }
        let mut next = match spare.take().map(Arc::try_unwrap) {
            Some(Ok(unread)) => unread,
            Some(Err(_)) | None => Record::clone(&current),
        };
        drop(current);
        self.ledger.catch_up(&mut next)?;
        let seq = next.head.seq;
        *spare = Some(self.current.swap(Arc::new(next)));
        self.seen.send_replace(seq);
        Ok(behind)
    }

    /// The record as it was at a moment.
    pub(crate) fn as_of(&self, moment: AsOf) -> Result<Record, StoreError> {
        self.ledger.fold_as_of(moment)
    }

    /// Tells of each newest entry that the record contains.
    pub(crate) fn watch(&self) -> watch::Receiver<u64> {
        self.seen.subscribe()
    }
}
