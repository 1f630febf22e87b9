//! [`SqliteStore`]: connections, and who may use which when.
//!
//! A store is open for writing, by one process, or for reading beside that one. SQLite's log keeps a reader's view
//! still while the other goes on; the pages' sums belong to the writer, so a reader does not look at them.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, TryLockError};

use jiff::Timestamp;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, TransactionBehavior};

use super::error::store_error;
use super::log::{self, Move};
use super::sums::{self, Sums};
use super::write::SqliteWrite;
use super::{Lock, backup, cannot_open, connect_reader, connect_writer, read, schema};
use crate::checkpoint::Checkpoint;
use crate::entry::{Entry, Head};
use crate::lease::Lease;
use crate::name::Stream;
use crate::open::{OpenError, Options};
use crate::seal::WrappedKey;
use crate::store::{
    FoldId, Header, Query, Remembered, Snapshot, Store, StoreError, VisitRow, Work,
};
use crate::verify::Finding;

/// A ledger in one SQLite file.
pub struct SqliteStore {
    path: PathBuf,
    header: Header,
    /// None where another process writes.
    upkeep: Option<Upkeep>,
    /// Read connections that nobody uses at the moment.
    idle: Mutex<Vec<Connection>>,
    /// Held for reading during each read, for writing while the log moves into the main file: a reader on an
    /// old view would keep part of it from moving.
    reading: RwLock<()>,
}

/// What the one process that writes has.
struct Upkeep {
    log_bytes: u64,
    writer: Mutex<Writer>,
    #[expect(dead_code, reason = "released when the store is dropped")]
    lock: Lock,
}

struct Writer {
    connection: Connection,
    sums: Sums,
    /// Why the log could not be moved the last time, if so. The commits before it are safe all the same.
    trouble: Option<StoreError>,
}

/// Acknowledged entries that the database does not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LostTail {
    /// The newest entry that a caller was told is durable.
    pub acknowledged: u64,
    /// The newest entry that is there.
    pub found: u64,
}

/// Read connections kept open when idle; more are opened and closed under load.
const IDLE_READERS: usize = 8;

impl SqliteStore {
    /// Opens the ledger at `path`; a new one is called `fresh`.
    ///
    /// # Errors
    /// When it is locked, damaged, not a ledger, newer than this program, or cannot be written.
    pub fn open(path: &Path, options: &Options, fresh: &Header) -> Result<Self, OpenError> {
        let lock = Lock::take(path)?;
        let io =
            |error| OpenError::Store { path: path.to_owned(), source: StoreError::from_io(error) };
        let sums = Sums::open(path).map_err(io)?;
        let mut connection =
            connect_writer(path, options.durability).map_err(|error| cannot_open(path, error))?;
        let header = schema::prepare(path, &mut connection, fresh)?;
        let damaged = |source| OpenError::Store { path: path.to_owned(), source };
        let (sums, trouble) = match sums {
            Some(sums) => match log::move_with_sums(path, &connection, &sums, Move::Restart) {
                Err(error @ StoreError::Damaged { .. }) => return Err(damaged(error)),
                // A full disk keeps the log from moving, not the ledger from being read.
                moved => (sums, moved.err()),
            },
            None => {
                log::move_alone(&connection).map_err(damaged)?;
                (Sums::build(path).map_err(io)?, None)
            }
        };
        let writer = Mutex::new(Writer { connection, sums, trouble });
        Ok(Self {
            path: path.to_owned(),
            header,
            upkeep: Some(Upkeep { log_bytes: options.log_bytes, writer, lock }),
            idle: Mutex::new(Vec::new()),
            reading: RwLock::new(()),
        })
    }

    /// Opens the ledger at `path` for reading, beside the process that writes it.
    ///
    /// # Errors
    /// When it is damaged, not a ledger, or newer than this program.
    pub fn open_to_read(path: &Path) -> Result<Self, OpenError> {
        let connection = connect_reader(path).map_err(|error| cannot_open(path, error))?;
        let header = schema::recognize(path, &connection)?;
        Ok(Self {
            path: path.to_owned(),
            header,
            upkeep: None,
            idle: Mutex::new(vec![connection]),
            reading: RwLock::new(()),
        })
    }

    /// Who has the ledger at `path` open for writing.
    ///
    /// # Errors
    /// When the lock cannot be looked at.
    pub fn written_by(path: &Path) -> Result<Option<String>, OpenError> {
        match Lock::take(path) {
            Ok(_free) => Ok(None),
            Err(OpenError::Locked { by, .. }) => Ok(Some(by)),
            Err(error) => Err(error),
        }
    }

    /// Whether callers were told of entries that are not there, as after the log was damaged or removed, or an old
    /// copy was put in place.
    ///
    /// # Errors
    /// When the store fails.
    pub fn lost_tail(&self) -> Result<Option<LostTail>, StoreError> {
        let Some(upkeep) = &self.upkeep else { return Ok(None) };
        let noted = upkeep.writer().sums.acknowledged().map_err(StoreError::from_io)?;
        let Some((acknowledged, hash)) = noted else { return Ok(None) };
        let found = self.head()?.seq;
        let place = Query {
            after: acknowledged.saturating_sub(1),
            before: Some(acknowledged + 1),
            ..Query::default()
        };
        let is_there = match self.entries(&place)?.first() {
            Some(entry) => entry.hash == hash,
            None => acknowledged == 0,
        };
        Ok((!is_there).then_some(LostTail { acknowledged, found }))
    }

    /// Compares every byte of a closed ledger's file with its sums, without opening it as a database.
    ///
    /// # Errors
    /// When a file cannot be read.
    pub fn check_file(path: &Path) -> Result<Vec<Finding>, StoreError> {
        sums::check(path).map_err(StoreError::from_io)
    }

    fn upkeep(&self) -> Result<&Upkeep, StoreError> {
        self.upkeep.as_ref().ok_or_else(|| {
            let other =
                std::io::Error::other("it is open for reading, and another process writes it");
            StoreError::ReadOnly(Arc::new(other))
        })
    }

    /// Moves the log into the main file once it is long, unless somebody is reading.
    fn keep_log_short(&self, writer: &mut Writer, limit: u64) {
        if !log::is_long(&self.path, limit) {
            return;
        }
        let alone = match self.reading.try_write() {
            Ok(alone) => alone,
            Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
            Err(TryLockError::WouldBlock) => return,
        };
        let Writer { connection, sums, trouble } = writer;
        *trouble = log::move_with_sums(&self.path, connection, sums, Move::Restart).err();
        drop(alone);
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

impl Upkeep {
    fn writer(&self) -> MutexGuard<'_, Writer> {
        // A panic inside a transaction has rolled it back on the way out, so the connection is sound.
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
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
        let upkeep = self.upkeep()?;
        let mut writer = upkeep.writer();
        let transaction = writer
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(store_error)?;
        work(&mut SqliteWrite { connection: &transaction, header: &self.header })?;
        let head = read::head(&transaction, &self.header)?;
        transaction.commit().map_err(store_error)?;
        // The entries are durable; what follows is upkeep, and its failure must not deny that.
        writer.trouble =
            writer.sums.acknowledge(head.seq, &head.hash).map_err(StoreError::from_io).err();
        self.keep_log_short(&mut writer, upkeep.log_bytes);
        Ok(())
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

    fn remembered(&self, key: &str) -> Result<Option<Remembered>, StoreError> {
        self.read(|connection| read::remembered(connection, key))
    }

    fn remembered_behind(&self, key: &str) -> Result<Vec<(String, Remembered)>, StoreError> {
        self.read(|connection| read::remembered_behind(connection, key))
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

    fn snapshot(&self, fold: FoldId<'_>, up_to: u64) -> Result<Option<Snapshot>, StoreError> {
        self.read(|connection| read::snapshot(connection, fold, up_to))
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

    fn leases(&self) -> Result<Vec<Lease>, StoreError> {
        self.read(read::leases)
    }

    fn check_medium(&self) -> Result<Vec<Finding>, StoreError> {
        // Reading keeps the log from moving, so the pages hold still; but not for another process.
        self.read(|connection| {
            let mut findings = match self.upkeep {
                Some(_) => sums::check(&self.path).map_err(StoreError::from_io)?,
                None => Vec::new(),
            };
            findings.extend(read::quick_check(connection)?);
            Ok(findings)
        })
    }

    fn health(&self) -> Result<(), StoreError> {
        self.upkeep()?.writer().trouble.clone().map_or(Ok(()), Err)
    }

    fn backup(&self, to: &Path) -> Result<(), StoreError> {
        self.read(|connection| backup::copy(connection, to))
    }

    fn scrub(&self) -> Result<(), StoreError> {
        let mut writer = self.upkeep()?.writer();
        let _alone = self.reading.write().unwrap_or_else(PoisonError::into_inner);
        let Writer { connection, sums, .. } = &mut *writer;
        log::move_with_sums(&self.path, connection, sums, Move::Truncate)
    }
}

impl Drop for SqliteStore {
    /// Leaves one file behind instead of a file and a log. If that fails, the log stays and nothing is lost.
    fn drop(&mut self) {
        let idle = std::mem::take(&mut *self.idle.lock().unwrap_or_else(PoisonError::into_inner));
        drop(idle);
        let Some(upkeep) = &self.upkeep else { return };
        let writer = upkeep.writer();
        let Writer { connection, sums, .. } = &*writer;
        if log::move_with_sums(&self.path, connection, sums, Move::Truncate).is_ok() {
            // Nothing is left for SQLite to move behind our back: it may remove the empty log.
            drop(connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, false));
        }
    }
}
