//! A journal in memory: for tests of targets, and for trying a plan on something that does not matter.
//!
//! It keeps the promise of [`Journal`] to the letter, fence and place included, but forgets everything with the process.

use std::sync::{Mutex, MutexGuard, PoisonError};

use super::record::{Fence, Journal, JournalError, Record};
use crate::target::Job;

/// Records in memory, and the newest token that was given out.
#[derive(Debug, Default)]
pub struct MemoryJournal {
    records: Mutex<Vec<Record>>,
    newest: Mutex<u64>,
}

impl MemoryJournal {
    /// An empty journal; every token is good.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Gives the lease to a new holder: older tokens are refused from now on.
    pub fn lease(&self, token: u64) {
        *lock(&self.newest) = token;
    }

    /// The records so far.
    #[must_use]
    pub fn records(&self) -> Vec<Record> {
        lock(&self.records).clone()
    }
}

impl Journal for MemoryJournal {
    fn read(&self) -> Job<'_, Result<Vec<Record>, JournalError>> {
        Box::pin(async { Ok(self.records()) })
    }

    fn append<'a>(
        &'a self,
        fence: &'a Fence,
        after: usize,
        new: Vec<Record>,
    ) -> Job<'a, Result<(), JournalError>> {
        Box::pin(async move {
            let newest = *lock(&self.newest);
            if fence.token < newest {
                let text = format!("its token is {newest} and this one's is {}", fence.token);
                return Err(JournalError::Fenced(text));
            }
            let mut records = lock(&self.records);
            if records.len() != after {
                let text = format!("it has written {} records more", records.len().abs_diff(after));
                return Err(JournalError::Fenced(text));
            }
            records.extend(new);
            Ok(())
        })
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
