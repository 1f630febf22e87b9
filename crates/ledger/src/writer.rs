//! The one thread that writes: group commit.
//!
//! Appends that arrive while a transaction is on its way to the disk wait together and share the next one, so
//! that many callers pay for one fsync. A refused append fails alone; when the store fails a whole group, each
//! append is tried once more by itself, so that one that does not fit does not take the others along. (Not when a
//! server is gone: it is gone for each of them, and what it did last is in doubt for all.)
//!
//! The head is read anew in each transaction, never remembered: where several processes write one ledger, another
//! one's entries may have come in between, and these simply link to theirs.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use crossbeam_channel::{Receiver, Sender, TrySendError, bounded, select};

use crate::append::AppendError;
use crate::chain::{Admitted, Prepared, admit};
use crate::entry::{Entry, Head};
use crate::limits::{MAX_APPEND_BYTES, MAX_GROUP, MAX_QUEUE};
use crate::receipt::{Promise, Receipt, pair};
use crate::store::{Query, Remembered, Store, StoreError};
use crate::watch::Watchers;

/// How long the writer waits for callers that were in the last group and are likely to come back. Waking a
/// thread takes tens of microseconds, an fsync thousands: this costs little and fills the group.
const LINGER: Duration = Duration::from_micros(400);

/// How much the writer has done since the ledger was opened; for metrics.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct Activity {
    /// Appends answered, refused ones among them.
    pub appends: u64,
    /// Transactions that they shared, each with one fsync.
    pub transactions: u64,
}

#[derive(Debug, Default)]
struct Counters {
    appends: AtomicU64,
    transactions: AtomicU64,
}

struct Job {
    append: Prepared,
    promise: Promise,
}

/// The way to the writing thread.
#[derive(Debug)]
pub(crate) struct Writer {
    queue: Option<Sender<Job>>,
    thread: Option<JoinHandle<()>>,
    counters: Arc<Counters>,
}

impl Writer {
    pub(crate) fn start(store: Arc<dyn Store>, watchers: Arc<Watchers>) -> std::io::Result<Self> {
        let (queue, jobs) = bounded(MAX_QUEUE);
        let counters = Arc::new(Counters::default());
        let thread = std::thread::Builder::new().name("ledger-writer".to_owned()).spawn({
            let counters = Arc::clone(&counters);
            move || run(&*store, &jobs, &watchers, &counters)
        })?;
        Ok(Self { queue: Some(queue), thread: Some(thread), counters })
    }

    pub(crate) fn activity(&self) -> Activity {
        let Counters { appends, transactions } = &*self.counters;
        Activity {
            appends: appends.load(Ordering::Relaxed),
            transactions: transactions.load(Ordering::Relaxed),
        }
    }

    /// Queues an append, waiting for a place in the queue.
    pub(crate) fn submit(&self, append: Prepared) -> Result<Receipt, AppendError> {
        let (promise, receipt) = pair();
        let queue = self.queue.as_ref().ok_or(AppendError::Closed)?;
        queue.send(Job { append, promise }).map_err(|_| AppendError::Closed)?;
        Ok(receipt)
    }

    /// Queues an append if there is a place in the queue.
    pub(crate) fn try_submit(&self, append: Prepared) -> Result<Receipt, AppendError> {
        let (promise, receipt) = pair();
        let queue = self.queue.as_ref().ok_or(AppendError::Closed)?;
        match queue.try_send(Job { append, promise }) {
            Ok(()) => Ok(receipt),
            Err(TrySendError::Full(_)) => Err(AppendError::Busy),
            Err(TrySendError::Disconnected(_)) => Err(AppendError::Closed),
        }
    }
}

impl Drop for Writer {
    /// Lets the thread finish what is queued.
    fn drop(&mut self) {
        self.queue = None;
        if let Some(thread) = self.thread.take() {
            // A panic of the thread has answered every promise already; there is nobody left to tell.
            drop(thread.join());
        }
    }
}

fn run(store: &dyn Store, jobs: &Receiver<Job>, watchers: &Watchers, counters: &Counters) {
    let mut companions = 1;
    while let Ok(first) = jobs.recv() {
        let group = gather(first, jobs, companions);
        companions = group.len();
        counters.appends.fetch_add(companions as u64, Ordering::Relaxed);
        counters.transactions.fetch_add(1, Ordering::Relaxed);
        commit(store, group, watchers);
    }
    watchers.close();
}

/// Takes what is queued, and lingers for as many as came last time.
fn gather(first: Job, jobs: &Receiver<Job>, companions: usize) -> Vec<Job> {
    let mut bytes = first.append.bytes;
    let mut group = vec![first];
    let patience = crossbeam_channel::after(LINGER);
    while group.len() < MAX_GROUP && bytes < MAX_APPEND_BYTES {
        let next = match jobs.try_recv() {
            Ok(job) => job,
            Err(_) if group.len() >= companions => break,
            Err(_) => select! {
                recv(jobs) -> job => match job {
                    Ok(job) => job,
                    Err(_) => break,
                },
                recv(patience) -> _ => break,
            },
        };
        bytes += next.append.bytes;
        group.push(next);
    }
    group
}

type Outcome = Result<Admitted, AppendError>;

fn commit(store: &dyn Store, group: Vec<Job>, watchers: &Watchers) {
    let (appends, promises): (Vec<Prepared>, Vec<Promise>) =
        group.into_iter().map(|Job { append, promise }| (append, promise)).unzip();
    match write(store, &appends) {
        Ok((outcomes, head)) => {
            watchers.publish(head);
            for (promise, outcome) in promises.into_iter().zip(outcomes) {
                promise.answer(outcome.and_then(|admitted| {
                    admitted.into_appended(|remembered| recall(store, remembered))
                }));
            }
        }
        Err(error) if appends.len() == 1 || !error.may_be_of_one() => {
            for promise in promises {
                promise.answer(Err(AppendError::Store(error.clone())));
            }
        }
        Err(_) => {
            for (append, promise) in appends.into_iter().zip(promises) {
                commit(store, vec![Job { append, promise }], watchers);
            }
        }
    }
}

/// Writes a group in one transaction; returns what became of each, and the head behind them.
fn write(store: &dyn Store, appends: &[Prepared]) -> Result<(Vec<Outcome>, Head), StoreError> {
    let mut outcomes = Vec::with_capacity(appends.len());
    let mut last = store.header().empty_head();
    store.write(&mut |write| {
        // A store may start over.
        outcomes.clear();
        write.foresee(&mut appends.iter().flat_map(Prepared::questions))?;
        let mut head = write.head()?;
        for append in appends {
            outcomes.push(admit(write, &mut head, append)?);
        }
        last = head;
        Ok(())
    })?;
    Ok((outcomes, last))
}

fn recall(store: &dyn Store, remembered: Remembered) -> Result<Vec<Entry>, StoreError> {
    let Remembered { first, last, .. } = remembered;
    store.entries(&Query { after: first - 1, before: Some(last + 1), ..Query::default() })
}
