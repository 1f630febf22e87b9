//! The handle that everybody holds.

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use crate::append::{Append, AppendError, Appended};
use crate::chain::prepare;
use crate::entry::{Entry, Head};
use crate::keys::{Keys, random};
use crate::name::Stream;
use crate::open::{OpenError, Options};
use crate::receipt::Receipt;
use crate::sqlite::SqliteStore;
use crate::store::{Header, Query, Store, StoreError};
use crate::watch::{Subscription, Watch, Watchers};
use crate::writer::{Activity, Writer};

/// An open ledger. Cheap to clone; the last clone to go closes it after everything queued is durable.
#[derive(Clone)]
pub struct Ledger(Arc<Shared>);

struct Shared {
    // First, so that it is dropped first: the queue is written out before the store closes.
    writer: Writer,
    watchers: Arc<Watchers>,
    store: Arc<dyn Store>,
    keys: Keys,
}

impl Ledger {
    /// Opens the ledger in a SQLite file, creating it if there is none.
    ///
    /// # Errors
    /// When it is in use, damaged, not a ledger, newer than this program, or cannot be written.
    pub fn open(path: impl AsRef<Path>, options: &Options) -> Result<Self, OpenError> {
        let path = path.as_ref();
        let system = |error: getrandom::Error| OpenError::System(std::io::Error::other(error));
        let fresh = Header::new(random().map_err(system)?);
        // The store first: its errors (in use, not a ledger) matter more than those of the keys.
        let store = SqliteStore::open(path, options, &fresh)?;
        let damaged = |source| OpenError::Store { path: path.to_owned(), source };
        if let Some(tail) = store.lost_tail().map_err(damaged)? {
            return Err(OpenError::TailLost { path: path.to_owned(), tail });
        }
        let keys = options.keys(path)?;
        Self::over(Arc::new(store), keys).map_err(|error| error.opening(path))
    }

    /// Opens the ledger in a SQLite file for reading, beside the process that writes it. Appending fails, and new
    /// entries of the other are not announced.
    ///
    /// # Errors
    /// When it is damaged, not a ledger, newer than this program, or has no keys.
    pub fn open_to_read(path: impl AsRef<Path>) -> Result<Self, OpenError> {
        let path = path.as_ref();
        let store = SqliteStore::open_to_read(path)?;
        let keys = Options::default().keys(path)?;
        Self::over(Arc::new(store), keys).map_err(|error| error.opening(path))
    }

    /// Opens a ledger over a store that is open already. Where several processes write the store, each has its own.
    ///
    /// # Errors
    /// When the head cannot be read or the writer cannot be started.
    pub fn over(store: Arc<dyn Store>, keys: Keys) -> Result<Self, StartError> {
        let head = store.head().map_err(StartError::Head)?;
        let watchers = Arc::new(Watchers::new(head));
        let told = Arc::clone(&watchers);
        store.on_moved(Box::new(move |head| told.publish(head)));
        let writer =
            Writer::start(Arc::clone(&store), Arc::clone(&watchers)).map_err(StartError::Thread)?;
        Ok(Self(Arc::new(Shared { writer, watchers, store, keys })))
    }

    /// Records drafts and returns once they are durable. Blocks; see [`Ledger::submit`] for async callers.
    ///
    /// # Errors
    /// When a condition does not hold, a draft is not acceptable, or the store fails. Nothing is recorded then.
    pub fn append(&self, append: Append) -> Result<Appended, AppendError> {
        self.0.writer.submit(prepare(append)?)?.wait()
    }

    /// Hands in drafts without blocking. The receipt can be awaited or waited for.
    ///
    /// # Errors
    /// When a draft is not acceptable, or the queue is full.
    pub fn submit(&self, append: Append) -> Result<Receipt, AppendError> {
        self.0.writer.try_submit(prepare(append)?)
    }

    /// The newest durable entry's place.
    #[must_use]
    pub fn head(&self) -> Head {
        self.0.watchers.head()
    }

    /// The ledger's identity.
    #[must_use]
    pub fn header(&self) -> &Header {
        self.0.store.header()
    }

    /// Reads one entry.
    ///
    /// # Errors
    /// When the store fails.
    pub fn entry(&self, seq: u64) -> Result<Option<Entry>, StoreError> {
        let Some(after) = seq.checked_sub(1) else { return Ok(None) };
        let query = Query { after, before: seq.checked_add(1), limit: 1, ..Query::default() };
        Ok(self.entries(&query)?.pop())
    }

    /// Reads entries.
    ///
    /// # Errors
    /// When the store fails.
    pub fn entries(&self, query: &Query) -> Result<Vec<Entry>, StoreError> {
        self.0.store.entries(query)
    }

    /// Reads a stream from its beginning, or on from a version.
    ///
    /// # Errors
    /// When the store fails.
    pub fn stream(&self, stream: &Stream, after_version: u64) -> Result<Vec<Entry>, StoreError> {
        self.0.store.stream(stream, after_version)
    }

    /// What an earlier append under an idempotency key has written, for a caller that never heard of its success.
    ///
    /// # Errors
    /// When the store fails.
    pub fn written_under(&self, key: &str) -> Result<Option<Vec<Entry>>, StoreError> {
        let Some(found) = self.0.store.remembered(key)? else { return Ok(None) };
        let (after, before) = (found.first.saturating_sub(1), found.last.checked_add(1));
        self.entries(&Query { after, before, ..Query::default() }).map(Some)
    }

    /// The version of a stream, 0 if it does not exist.
    ///
    /// # Errors
    /// When the store fails.
    pub fn version(&self, stream: &Stream) -> Result<u64, StoreError> {
        self.0.store.version(stream)
    }

    /// Waits for new entries on a thread.
    #[must_use]
    pub fn subscribe(&self) -> Subscription {
        self.0.watchers.subscribe()
    }

    /// Calls back after each commit, on the writer's thread, or on the store's where another process wrote: be quick,
    /// hand on, never append from here.
    pub fn on_append(&self, callback: impl Fn(Head) + Send + Sync + 'static) -> Watch {
        self.0.watchers.on_append(Arc::new(callback))
    }

    /// Writes a consistent copy to a new file while others go on writing.
    ///
    /// # Errors
    /// When the file exists or the store fails.
    pub fn backup(&self, to: &Path) -> Result<(), StoreError> {
        self.0.store.backup(to)
    }

    /// How much has been appended, and in how many transactions, since the ledger was opened.
    #[must_use]
    pub fn activity(&self) -> Activity {
        self.0.writer.activity()
    }

    /// Whether the store's upkeep works: moving logs, noting heads. What was acknowledged is durable either way.
    ///
    /// # Errors
    /// The failure of the last attempt, such as a full disk.
    pub fn health(&self) -> Result<(), StoreError> {
        self.0.store.health()
    }

    /// The secrets.
    #[must_use]
    pub fn keys(&self) -> &Keys {
        &self.0.keys
    }

    /// Says whether other processes may write at the same time.
    pub fn is_shared(&self) -> bool {
        self.store().is_shared()
    }

    pub(crate) fn store(&self) -> &dyn Store {
        &*self.0.store
    }
}

/// Says why a ledger could not be started over an open store.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The head could not be read.
    #[error("the ledger's head could not be read")]
    Head(#[source] StoreError),
    /// There is no thread to be had.
    #[error("the writer's thread could not be started")]
    Thread(#[source] std::io::Error),
}

impl StartError {
    fn opening(self, path: &Path) -> OpenError {
        match self {
            Self::Head(source) => OpenError::Store { path: path.to_owned(), source },
            Self::Thread(error) => OpenError::System(error),
        }
    }
}

impl fmt::Debug for Ledger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ledger").field("store", &self.0.store).finish_non_exhaustive()
    }
}
