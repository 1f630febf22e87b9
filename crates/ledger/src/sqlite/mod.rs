//! The embedded store: one SQLite file beside its lock, its keys and its page sums.
//!
//! One connection writes, a few others read; SQLite's write-ahead log lets them overlap. `synchronous=FULL`
//! makes each commit one fsync of that log. Moving the log into the main file is our own decision, never
//! SQLite's: [`sums`] must know the pages first. A lock file keeps a second process out, because two writers
//! would each believe in their own head.

mod backup;
mod error;
mod lock;
mod log;
mod read;
mod schema;
mod store;
mod sums;
mod wal;
mod write;

use std::path::{Path, PathBuf};

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use lock::Lock;
pub use store::{LostTail, SqliteStore};

use crate::open::OpenError;

/// How hard a commit tries to survive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    /// Every commit is on the disk before it returns.
    Full,
    /// Commits survive the process but not the machine. For throw-away ledgers: tests, drills, dry runs.
    ProcessOnly,
}

/// The path of a file that lies beside the ledger.
pub(crate) fn beside(ledger: &Path, suffix: &str) -> PathBuf {
    let mut name = ledger.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

/// Pages that a connection keeps in memory, in KiB (8 MiB): the hot end of the tree and of its index.
const CACHE_KIB: i64 = 8 << 10;

/// Statements that a connection keeps prepared: more than there are.
const STATEMENTS: usize = 64;

fn connect(path: &Path, flags: OpenFlags) -> Result<Connection, rusqlite::Error> {
    let connection = Connection::open_with_flags(path, flags)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    connection.busy_timeout(std::time::Duration::from_secs(5))?;
    connection.pragma_update(None, "cache_size", -CACHE_KIB)?;
    // Else SQLite plans a statement anew for each value bound to it, which costs more than running it.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    Ok(connection)
}

/// Connects for writing and sets what makes commits durable and deletions real.
fn connect_writer(path: &Path, durability: Durability) -> Result<Connection, rusqlite::Error> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
        | OpenFlags::SQLITE_OPEN_CREATE
        | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = connect(path, flags)?;
    let synchronous = match durability {
        Durability::Full => "FULL",
        Durability::ProcessOnly => "OFF",
    };
    connection.pragma_update(None, "page_size", sums::PAGE)?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", synchronous)?;
    connection.pragma_update(None, "secure_delete", "ON")?;
    connection.pragma_update(None, "wal_autocheckpoint", 0)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    Ok(connection)
}

fn connect_reader(path: &Path) -> Result<Connection, rusqlite::Error> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = connect(path, flags)?;
    connection.pragma_update(None, "query_only", "ON")?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    Ok(connection)
}

/// Turns a failure to open into words, with the path.
fn cannot_open(path: &Path, error: rusqlite::Error) -> OpenError {
    OpenError::Store { path: path.to_owned(), source: error::store_error(error) }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::SqliteStore;
    use crate::suite::{self, Place};
    use crate::{Header, Options, Store};

    struct Directory(tempfile::TempDir);

    impl Place for Directory {
        fn open(&self) -> Arc<dyn Store> {
            let path = self.0.path().join("ledger.db");
            let header = Header::new([7; 16]);
            Arc::new(SqliteStore::open(&path, &Options::throw_away(), &header).unwrap())
        }
    }

    #[test]
    fn sqlite_does_what_every_store_must() {
        suite::run(|| Directory(tempfile::tempdir().unwrap()));
    }
}
