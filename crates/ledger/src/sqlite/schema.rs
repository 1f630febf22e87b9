//! The tables, and which version of them a file holds.
//!
//! Entries may only be added: triggers refuse the rest, so that a slip at the SQLite prompt fails instead of
//! breaking the chain. All other tables stand outside of the chain: checkpoints vouch for it, keys make
//! sealed texts readable until they are erased, the rest are leases and caches.

use std::path::Path;

use rusqlite::{Connection, TransactionBehavior};

use super::cannot_open;
use crate::open::OpenError;
use crate::store::{FORMAT, Header};

/// Marks the file as ours, for `file(1)` and against opening somebody else's database: "cncl".
const APPLICATION_ID: i32 = 0x636e_636c;

/// The version of the tables that this program reads and writes.
pub(super) const SCHEMA_VERSION: i32 = 1;

const TABLES: &str = "
CREATE TABLE ledger (format TEXT NOT NULL, id TEXT NOT NULL) STRICT;
CREATE TABLE entries (
    seq       INTEGER PRIMARY KEY,
    stream    TEXT NOT NULL,
    version   INTEGER NOT NULL,
    kind      TEXT NOT NULL,
    at        TEXT NOT NULL,
    actor     TEXT NOT NULL,
    cause     TEXT,
    body      TEXT NOT NULL,
    prev_hash BLOB NOT NULL,
    hash      BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX entries_by_stream ON entries (stream, version);
CREATE TRIGGER entries_never_change BEFORE UPDATE ON entries
    BEGIN SELECT RAISE(ABORT, 'entries never change'); END;
CREATE TRIGGER entries_never_go BEFORE DELETE ON entries
    BEGIN SELECT RAISE(ABORT, 'entries never go'); END;
CREATE TABLE checkpoints (
    seq       INTEGER PRIMARY KEY,
    hash      BLOB NOT NULL,
    at        TEXT NOT NULL,
    key       BLOB NOT NULL,
    signature BLOB NOT NULL
) STRICT;
CREATE TABLE stream_keys (
    id      TEXT PRIMARY KEY,
    stream  TEXT NOT NULL,
    wrapped BLOB NOT NULL
) STRICT;
CREATE INDEX stream_keys_by_stream ON stream_keys (stream);
CREATE TABLE leases (
    name   TEXT PRIMARY KEY,
    holder TEXT NOT NULL,
    token  INTEGER NOT NULL,
    until  TEXT NOT NULL
) STRICT;
CREATE TABLE idempotency (
    key         TEXT PRIMARY KEY,
    first       INTEGER NOT NULL,
    last        INTEGER NOT NULL,
    fingerprint BLOB NOT NULL
) STRICT;
CREATE INDEX idempotency_by_age ON idempotency (first);
CREATE TABLE snapshots (
    fold    TEXT NOT NULL,
    version INTEGER NOT NULL,
    seq     INTEGER NOT NULL,
    hash    BLOB NOT NULL,
    state   BLOB NOT NULL,
    digest  BLOB NOT NULL,
    PRIMARY KEY (fold, seq)
) STRICT, WITHOUT ROWID;
";

/// Makes sure that the file is a ledger of ours, creating the tables in an empty one; `fresh` names a new one.
pub(super) fn prepare(
    path: &Path,
    connection: &mut Connection,
    fresh: &Header,
) -> Result<Header, OpenError> {
    let failed = |error| cannot_open(path, error);
    let transaction =
        connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(failed)?;
    let tables: i64 = transaction
        .query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))
        .map_err(failed)?;
    if tables == 0 && marks(&transaction).map_err(failed)? == (0, 0) {
        transaction.execute_batch(TABLES).map_err(failed)?;
        transaction
            .execute("INSERT INTO ledger VALUES (?1, ?2)", (&fresh.format, &fresh.id))
            .map_err(failed)?;
        transaction.pragma_update(None, "application_id", APPLICATION_ID).map_err(failed)?;
        transaction.pragma_update(None, "user_version", SCHEMA_VERSION).map_err(failed)?;
    }
    let header = recognize(path, &transaction)?;
    transaction.commit().map_err(failed)?;
    Ok(header)
}

/// The name of the ledger in a file that has one, of a version and a format that this program knows.
pub(super) fn recognize(path: &Path, connection: &Connection) -> Result<Header, OpenError> {
    let failed = |error| cannot_open(path, error);
    let (application, version) = marks(connection).map_err(failed)?;
    if application != APPLICATION_ID {
        return Err(OpenError::NotALedger { path: path.to_owned() });
    }
    if version > SCHEMA_VERSION {
        return Err(OpenError::Newer {
            path: path.to_owned(),
            found: version,
            known: SCHEMA_VERSION,
        });
    }
    let header = connection
        .query_row("SELECT format, id FROM ledger", [], |row| {
            Ok(Header { format: row.get(0)?, id: row.get(1)? })
        })
        .map_err(failed)?;
    if header.format != FORMAT {
        let path = path.to_owned();
        return Err(OpenError::UnknownFormat { path, format: header.format });
    }
    Ok(header)
}

/// Whose file it is, and in which version.
fn marks(connection: &Connection) -> Result<(i32, i32), rusqlite::Error> {
    let number = |pragma| connection.pragma_query_value(None, pragma, |row| row.get::<_, i32>(0));
    Ok((number("application_id")?, number("user_version")?))
}
