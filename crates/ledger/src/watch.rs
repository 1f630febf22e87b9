//! Being woken when the ledger grows.
//!
//! A watcher learns that there is more, never what: it reads on from where it was. So nothing is lost when it is
//! slow, and nothing queues up.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::entry::Head;

type Callback = Arc<dyn Fn(Head) + Send + Sync>;

struct State {
    head: Head,
    closed: bool,
    next: u64,
    callbacks: BTreeMap<u64, Callback>,
}

/// Holds the newest durable head and everybody who wants to hear of it.
pub(crate) struct Watchers {
    state: Mutex<State>,
    moved: Condvar,
}

impl Watchers {
    pub(crate) fn new(head: Head) -> Self {
        let state = State { head, closed: false, next: 0, callbacks: BTreeMap::new() };
        Self { state: Mutex::new(state), moved: Condvar::new() }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn head(&self) -> Head {
        self.state().head
    }

    /// Makes a new head known. Callbacks run without the lock, so they may read the ledger.
    pub(crate) fn publish(&self, head: Head) {
        let mut state = self.state();
        if head.seq <= state.head.seq {
            return;
        }
        state.head = head;
        let callbacks: Vec<Callback> = state.callbacks.values().cloned().collect();
        drop(state);
        self.moved.notify_all();
        for callback in callbacks {
            callback(head);
        }
    }

    pub(crate) fn close(&self) {
        self.state().closed = true;
        self.moved.notify_all();
    }

    pub(crate) fn subscribe(self: &Arc<Self>) -> Subscription {
        Subscription { seen: self.head().seq, watchers: Arc::clone(self) }
    }

    pub(crate) fn on_append(self: &Arc<Self>, callback: Callback) -> Watch {
        let mut state = self.state();
        let number = state.next;
        state.next += 1;
        state.callbacks.insert(number, callback);
        Watch { number, watchers: Arc::clone(self) }
    }
}

impl fmt::Debug for Watchers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Watchers").field("head", &self.head()).finish_non_exhaustive()
    }
}

/// Waits for entries on a thread.
#[derive(Debug)]
pub struct Subscription {
    seen: u64,
    watchers: Arc<Watchers>,
}

impl Subscription {
    /// Blocks until there are entries that this subscription has not seen, and returns the new head. `None` after
    /// `timeout`, or when the ledger is closed.
    pub fn wait(&mut self, timeout: Duration) -> Option<Head> {
        let state = self.watchers.state();
        let (state, _) = self
            .watchers
            .moved
            .wait_timeout_while(state, timeout, |state| {
                state.head.seq <= self.seen && !state.closed
            })
            .unwrap_or_else(PoisonError::into_inner);
        let head = state.head;
        drop(state);
        (head.seq > self.seen).then(|| {
            self.seen = head.seq;
            head
        })
    }
}

/// Keeps a callback registered; drop it to stop being called.
#[derive(Debug)]
#[must_use = "the callback stops when this is dropped"]
pub struct Watch {
    number: u64,
    watchers: Arc<Watchers>,
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.watchers.state().callbacks.remove(&self.number);
    }
}
