//! State computed from entries.
//!
//! A fold is a pure function over the ledger; what it builds lives in memory and may be lost at any time. A
//! snapshot only shortens the replay: it is used if its fold, version, place in the chain and digest all fit, and
//! forgotten otherwise.

use jiff::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest as _, Sha256};

use crate::entry::{Entry, Hash, Head};
use crate::ledger::Ledger;
use crate::limits::{MAX_READ, MAX_SNAPSHOT_BYTES, SNAPSHOT_EVERY};
use crate::store::{FoldId, Query, Snapshot, StoreError};

/// A state that grows by entries.
pub trait Fold: Default + Serialize + DeserializeOwned {
    /// Names the fold among its snapshots.
    const NAME: &'static str;
    /// Changes whenever the state or what `apply` does with an entry changes; old snapshots are then void.
    const VERSION: u32;
    /// Takes in one entry. Never fails: an entry that it does not know changes nothing.
    fn apply(&mut self, entry: &Entry);
}

/// A fold's state, and the entry up to which it is true.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Folded<F> {
    /// The state.
    pub state: F,
    /// The last entry in it.
    pub head: Head,
    /// The entry at which its newest snapshot was taken.
    snapshot: u64,
}

/// A moment in the ledger's history.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AsOf {
    /// Right after this entry.
    Seq(u64),
    /// At this time: after the last entry that is not younger.
    Time(Timestamp),
}

impl Ledger {
    /// Computes a fold up to the newest entry.
    ///
    /// # Errors
    /// When the store fails.
    pub fn fold<F: Fold>(&self) -> Result<Folded<F>, StoreError> {
        let mut folded = self.start_fold::<F>(self.head().seq)?;
        self.catch_up(&mut folded)?;
        Ok(folded)
    }

    /// Takes in the entries that have come since, and returns how many; leaves a snapshot every
    /// [`SNAPSHOT_EVERY`] entries.
    ///
    /// # Errors
    /// When the store fails. The state is true up to its `head` even then.
    pub fn catch_up<F: Fold>(&self, folded: &mut Folded<F>) -> Result<u64, StoreError> {
        let before = folded.head.seq;
        self.advance(folded, self.head().seq)?;
        if folded.head.seq - folded.snapshot >= SNAPSHOT_EVERY {
            self.save(folded)?;
        }
        Ok(folded.head.seq - before)
    }

    /// Computes a fold as it was at a moment.
    ///
    /// # Errors
    /// When the store fails.
    pub fn fold_as_of<F: Fold>(&self, moment: AsOf) -> Result<Folded<F>, StoreError> {
        let seq = self.seq_as_of(moment)?;
        let mut folded = self.start_fold::<F>(seq)?;
        self.advance(&mut folded, seq)?;
        Ok(folded)
    }

    /// The entry that was the newest one at a moment.
    ///
    /// # Errors
    /// When the store fails.
    pub fn seq_as_of(&self, moment: AsOf) -> Result<u64, StoreError> {
        match moment {
            AsOf::Seq(seq) => Ok(seq.min(self.head().seq)),
            AsOf::Time(at) => self.store().seq_at(at),
        }
    }

    /// Shows every entry behind `after` and up to `last`, in order.
    ///
    /// # Errors
    /// When the store fails.
    pub fn replay(
        &self,
        after: u64,
        last: u64,
        mut visit: impl FnMut(&Entry),
    ) -> Result<(), StoreError> {
        let mut done = after;
        while done < last {
            let limit = usize::try_from(last - done).unwrap_or(MAX_READ).min(MAX_READ);
            let page = self.store().entries(&Query { after: done, limit, ..Query::default() })?;
            let Some(newest) = page.last() else { break };
            done = newest.seq;
            page.iter().for_each(&mut visit);
        }
        Ok(())
    }

    fn start_fold<F: Fold>(&self, up_to: u64) -> Result<Folded<F>, StoreError> {
        let usable =
            match self.store().snapshot(FoldId { name: F::NAME, version: F::VERSION }, up_to) {
                Ok(snapshot) => snapshot.and_then(|snapshot| self.restore(&snapshot)),
                // A damaged cache is no reason to fail; the entries themselves will tell if they are damaged, too.
                Err(StoreError::Damaged { .. }) => None,
                Err(error) => return Err(error),
            };
        Ok(usable.unwrap_or_else(|| {
            let head = self.store().header().empty_head();
            Folded { state: F::default(), head, snapshot: 0 }
        }))
    }

    fn restore<F: Fold>(&self, snapshot: &Snapshot) -> Option<Folded<F>> {
        let entry = self.entry(snapshot.seq).ok()??;
        if entry.hash != snapshot.hash || digest(&snapshot.state) != snapshot.digest {
            return None;
        }
        let state = serde_json::from_slice(&snapshot.state).ok()?;
        Some(Folded { state, head: entry.head(), snapshot: snapshot.seq })
    }

    fn advance<F: Fold>(&self, folded: &mut Folded<F>, last: u64) -> Result<(), StoreError> {
        let Folded { state, head, .. } = folded;
        self.replay(head.seq, last, |entry| {
            state.apply(entry);
            *head = entry.head();
        })
    }

    fn save<F: Fold>(&self, folded: &mut Folded<F>) -> Result<(), StoreError> {
        let state = serde_json::to_vec(&folded.state)
            .expect("BUG: a fold's state has string keys and finite numbers only");
        folded.snapshot = folded.head.seq;
        if state.len() > MAX_SNAPSHOT_BYTES {
            return Ok(());
        }
        let snapshot = Snapshot {
            fold: F::NAME.to_owned(),
            version: F::VERSION,
            seq: folded.head.seq,
            hash: folded.head.hash,
            digest: digest(&state),
            state,
        };
        match self.store().write(&mut |write| write.put_snapshot(&snapshot)) {
            // Without the cache the next start replays; the state is as true.
            Err(StoreError::ReadOnly(_)) => Ok(()),
            saved => saved,
        }
    }
}

fn digest(state: &[u8]) -> Hash {
    Hash(Sha256::digest(state).into())
}
