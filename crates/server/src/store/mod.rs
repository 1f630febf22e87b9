//! The small database of sign-in links, sessions, tokens, browsers that get messages, and remembered answers: `state.db`.
//!
//! It is not a truth about the council: losing it signs everybody out, lets no browser get messages, and changes nothing
//! else. That is why it is a file of its own and not a part of the ledger. Secrets of ours are stored as SHA-256 digests;
//! with 256 random bits there is nothing to guess, so no slow password hash is needed.
//!
//! Statements take microseconds and commits do not wait for the disk (`synchronous=NORMAL`), so they run
//! where they are called, behind one lock that is never held across an `await`.

mod attempts;
mod devices;
mod links;
mod replies;
mod sessions;
mod tokens;

use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rusqlite::Connection;

pub(crate) use attempts::AttemptRow;
pub(crate) use devices::DeviceRow;
pub(crate) use links::Link;
pub(crate) use replies::{Replies, Reply};
pub(crate) use sessions::SessionRow;
pub(crate) use tokens::TokenRow;

/// The schema's version, kept in `user_version`. Raising it drops the tables: see the essay above.
const VERSION: i64 = 1;

const SCHEMA: &str = "
    CREATE TABLE IF NOT EXISTS link (
        digest BLOB PRIMARY KEY, person TEXT, operator INTEGER NOT NULL, expires INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS session (
        digest BLOB PRIMARY KEY, id TEXT NOT NULL UNIQUE, person TEXT, operator INTEGER NOT NULL,
        created INTEGER NOT NULL, used INTEGER NOT NULL, agent TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS token (
        digest BLOB PRIMARY KEY, id TEXT NOT NULL UNIQUE, person TEXT NOT NULL, operator INTEGER NOT NULL,
        name TEXT NOT NULL, scopes TEXT NOT NULL, created INTEGER NOT NULL, expires INTEGER NOT NULL, used INTEGER
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS attempt (
        digest BLOB PRIMARY KEY, provider TEXT NOT NULL, nonce TEXT NOT NULL, verifier TEXT NOT NULL,
        back TEXT NOT NULL, anew INTEGER NOT NULL, expires INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS reply (
        owner TEXT NOT NULL, key TEXT NOT NULL, fingerprint BLOB NOT NULL, at INTEGER NOT NULL,
        status INTEGER, headers TEXT, body BLOB, PRIMARY KEY (owner, key)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS device (
        id TEXT PRIMARY KEY, person TEXT NOT NULL, name TEXT NOT NULL, host TEXT NOT NULL,
        subscription TEXT NOT NULL, created INTEGER NOT NULL, used INTEGER
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS secret (name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID;
";

/// The open database; cheap to clone.
#[derive(Clone, Debug)]
pub struct Store(Arc<Mutex<Connection>>);

impl Store {
    /// Opens or makes the database in a directory.
    ///
    /// # Errors
    /// When SQLite cannot open or write it.
    pub fn open(data_dir: &Path) -> Result<Self, rusqlite::Error> {
        let connection = Connection::open(data_dir.join("state.db"))?;
        connection.busy_timeout(std::time::Duration::from_secs(5))?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "synchronous", "NORMAL")?;
        let version: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
        if version != VERSION {
            connection.execute_batch(
                "DROP TABLE IF EXISTS link; DROP TABLE IF EXISTS session; DROP TABLE IF EXISTS token; DROP TABLE IF EXISTS attempt;
                 DROP TABLE IF EXISTS reply; DROP TABLE IF EXISTS device; DROP TABLE IF EXISTS secret;",
            )?;
        }
        connection.execute_batch(SCHEMA)?;
        connection.pragma_update(None, "user_version", VERSION)?;
        Ok(Self(Arc::new(Mutex::new(connection))))
    }

    fn lock(&self) -> MutexGuard<'_, Connection> {
        // A panic while the lock was held leaves a rolled-back transaction, never a torn one.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The key with this name, made at its first use; it signs calendar links.
    pub(crate) fn signing_key(&self, name: &str) -> rusqlite::Result<Vec<u8>> {
        let fresh = crate::auth::secret::Secret::random();
        let connection = self.lock();
        connection.execute(
            "INSERT OR IGNORE INTO secret (name, value) VALUES (?1, ?2)",
            (name, fresh.expose().as_bytes()),
        )?;
        connection.query_row("SELECT value FROM secret WHERE name = ?1", [name], |row| row.get(0))
    }
}

/// Passes over that something was not noted which nobody is refused for: on a full disk people still read.
fn at_best(noted: rusqlite::Result<usize>) {
    if let Err(error) = noted {
        tracing::warn!(%error, "when it was last used could not be noted");
    }
}

/// Seconds, as the tables store moments.
fn seconds(at: jiff::Timestamp) -> i64 {
    at.as_second()
}

/// A stored moment; one that is out of range has long passed.
fn moment(seconds: i64) -> jiff::Timestamp {
    jiff::Timestamp::from_second(seconds).unwrap_or(jiff::Timestamp::UNIX_EPOCH)
}
