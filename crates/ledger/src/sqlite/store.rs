//! [`SqliteStore`]: connections, and who may use which when.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError, RwLock};

use jiff::Timestamp;
use rusqlite::{Connection, TransactionBehavior};

use super::error::store_error;
use super::write::SqliteWrite;
use super::{Durability, Lock, cannot_open, connect_reader, connect_writer, read, schema};
use crate::checkpoint::Checkpoint;
use crate::entry::{Entry, Head};
use crate::lease::Lease;
use crate::name::Stream;
use crate::open::OpenError;
use crate::seal::WrappedKey;
use crate::store::{Header, Query, Snapshot, Store, StoreError, VisitRow, Work};
use crate::verify::Finding;

/// A ledger in one SQLite file.
pub struct SqliteStore {
    path: PathBuf,
    header: Header,
    writer: Mutex<Connection>,
    /// Read connections that nobody uses at the moment.
    idle: Mutex<Vec<Connection>>,
    /// Held for reading during each read, for writing while the log moves into the main file: a reader on an
    /// old view would keep part of it from moving.
    reading: RwLock<()>,
    #[expect(dead_code, reason = "released when the store is dropped")]
    lock: Lock,
}

/// Read connections kept open when idle; more are opened and closed under load.
const IDLE_READERS: usize = 8;

impl SqliteStore {
    /// Opens the ledger at `path`; a new one is called `fresh`.
    ///
    /// # Errors
    /// When it is locked, damaged, not a ledger, newer than this program, or cannot be written.
    pub fn open(path: &Path, durability: Durability, fresh: &Header) -> Result<Self, OpenError> {
        let lock = Lock::take(path)?;
        let mut writer =
            connect_writer(path, durability).map_err(|error| cannot_open(path, error))?;
        let header = schema::prepare(path, &mut writer, fresh)?;
        Ok(Self {
            path: path.to_owned(),
            header,
            writer: Mutex::new(writer),
            idle: Mutex::new(Vec::new()),
            reading: RwLock::new(()),
            lock,
        })
    }

    fn writer(&self) -> MutexGuard<'_, Connection> {
        // A panic inside a transaction has rolled it back on the way out, so the connection is sound.
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn read<T>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let _reading = self.reading.read().unwrap_or_else(PoisonError::into_inner);
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let connection = match idle {
            Some(connection) => connection,
            None => connect_reader(&self.path).map_err(store_error)?,
        };
        let result = work(&connection);
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if idle.len() < IDLE_READERS {
            idle.push(connection);
        }
        result
    }
}

impl fmt::Debug for SqliteStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SqliteStore").field("path", &self.path).finish_non_exhaustive()
    }
}

impl Store for SqliteStore {
    fn header(&self) -> &Header {
        &self.header
    }

    fn write(&self, work: &mut Work<'_>) -> Result<(), StoreError> {
        let mut writer = self.writer();
        let transaction = writer
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(store_error)?;
        work(&mut SqliteWrite { connection: &transaction, header: &self.header })?;
        transaction.commit().map_err(store_error)
    }

    fn head(&self) -> Result<Head, StoreError> {
        self.read(|connection| read::head(connection, &self.header))
    }

    fn entries(&self, query: &Query) -> Result<Vec<Entry>, StoreError> {
        self.read(|connection| read::entries(connection, query))
    }

    fn stream(&self, stream: &Stream, after_version: u64) -> Result<Vec<Entry>, StoreError> {
        self.read(|connection| read::stream(connection, stream, after_version))
    }

    fn version(&self, stream: &Stream) -> Result<u64, StoreError> {
        self.read(|connection| read::version(connection, stream))
    }

    fn seq_at(&self, at: Timestamp) -> Result<u64, StoreError> {
        self.read(|connection| read::seq_at(connection, at))
    }

    fn each_row(&self, visit: &mut VisitRow<'_>) -> Result<(), StoreError> {
        self.read(|connection| read::each_row(connection, visit))
    }

    fn checkpoints(&self) -> Result<Vec<Checkpoint>, StoreError> {
        self.read(read::checkpoints)
    }

    fn snapshot(
        &self,
        fold: &str,
        version: u32,
        up_to: u64,
    ) -> Result<Option<Snapshot>, StoreError> {
        self.read(|connection| read::snapshot(connection, fold, version, up_to))
    }

    fn stream_keys(&self, stream: &Stream) -> Result<Vec<WrappedKey>, StoreError> {
        self.read(|connection| read::stream_keys(connection, Some(stream)))
    }

    fn all_stream_keys(&self) -> Result<Vec<WrappedKey>, StoreError> {
        self.read(|connection| read::stream_keys(connection, None))
    }

    fn lease(&self, name: &str) -> Result<Option<Lease>, StoreError> {
        self.read(|connection| read::lease(connection, name))
    }

    fn check_medium(&self) -> Result<Vec<Finding>, StoreError> {
        Ok(Vec::new())
    }

    fn backup(&self, to: &Path) -> Result<(), StoreError> {
        self.read(|connection| connection.backup("main", to, None::<fn(_)>).map_err(store_error))
    }

    fn scrub(&self) -> Result<(), StoreError> {
        Ok(())
    }
}
