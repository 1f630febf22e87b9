//! Moving SQLite's log into the main file, with the sums of the pages known before they change.

use std::path::Path;

use rusqlite::Connection;

use super::beside;
use super::error::store_error;
use super::sums::Sums;
use super::wal::{pages_in_log, reaches};
use crate::store::StoreError;

/// What becomes of the log's file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Move {
    /// Written over from its beginning: the file keeps its length, so that later fsyncs need not record a new one.
    Restart,
    /// Cut to nothing: what stood in it is gone.
    Truncate,
}

/// Whether the log has grown long.
pub(super) fn is_long(ledger: &Path, limit: u64) -> bool {
    // If it cannot be told now, then after the next commit.
    reaches(&beside(ledger, "-wal"), limit).unwrap_or(false)
}

/// Moves the log, following the protocol of [`super::sums`].
pub(super) fn move_with_sums(
    ledger: &Path,
    connection: &Connection,
    sums: &Sums,
    how: Move,
) -> Result<(), StoreError> {
    let pages = pages_in_log(&beside(ledger, "-wal")).map_err(StoreError::from_io)?;
    let announced = sums.announce(pages).map_err(StoreError::from_io)?;
    let moved = checkpoint(connection, how);
    if announced.is_empty() {
        return moved;
    }
    match moved {
        Ok(()) => sums.settle(&announced).map_err(StoreError::from_io),
        Err(error) => {
            sums.settle_as_found(&announced).map_err(StoreError::from_io)?;
            Err(error)
        }
    }
}

/// Moves the log of a ledger that has no sums yet.
pub(super) fn move_alone(connection: &Connection) -> Result<(), StoreError> {
    checkpoint(connection, Move::Truncate)
}

fn checkpoint(connection: &Connection, how: Move) -> Result<(), StoreError> {
    let sql = match how {
        Move::Restart => "PRAGMA wal_checkpoint(RESTART)",
        Move::Truncate => "PRAGMA wal_checkpoint(TRUNCATE)",
    };
    let (busy, in_log, moved) = connection
        .query_row(sql, [], |row| {
            Ok((row.get::<_, bool>(0)?, row.get::<_, i64>(1)?, row.get::<_, i64>(2)?))
        })
        .map_err(store_error)?;
    if busy || in_log != moved {
        let reader = std::io::Error::other("another program reads the ledger's file");
        return Err(StoreError::Busy(std::sync::Arc::new(reader)));
    }
    Ok(())
}
