//! An online copy by SQLite's backup API.
//!
//! The whole copy is one read of one moment: the log lets writers go on meanwhile. The copy holds everything but the
//! key file, which is kept apart for the same reason for which it lies apart.

use std::fs::OpenOptions;
use std::path::Path;

use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection, OpenFlags};

use super::error::store_error;
use crate::store::StoreError;

/// Copies the database to a file that must not exist yet, and makes it durable.
pub(super) fn copy(from: &Connection, to: &Path) -> Result<(), StoreError> {
    let file =
        OpenOptions::new().write(true).create_new(true).open(to).map_err(StoreError::from_io)?;
    let copied = copy_pages(from, to).and_then(|()| file.sync_all().map_err(StoreError::from_io));
    if copied.is_err() {
        // Half a copy must not pass for a backup; if it cannot be removed, the error says enough.
        drop(std::fs::remove_file(to));
    }
    copied
}

/// Copies the database of a ledger that another process holds and goes on writing, to a file that must not exist yet.
///
/// Nothing is written beside the ledger, and no lock of ours is taken: SQLite's own keep the copy to one moment.
///
/// # Errors
/// When the ledger cannot be read, the file exists or cannot be written.
pub fn copy_while_written(ledger: &Path, to: &Path) -> Result<(), StoreError> {
    let connection =
        super::connect(ledger, OpenFlags::SQLITE_OPEN_READ_ONLY).map_err(store_error)?;
    copy(&connection, to)
}

fn copy_pages(from: &Connection, to: &Path) -> Result<(), StoreError> {
    let mut target = Connection::open(to).map_err(store_error)?;
    let backup = Backup::new(from, &mut target).map_err(store_error)?;
    let step = backup.step(-1).map_err(store_error)?;
    drop(backup);
    if step != StepResult::Done {
        let reason = std::io::Error::other("another program holds the ledger's file");
        return Err(StoreError::Busy(std::sync::Arc::new(reason)));
    }
    target.close().map_err(|(_, error)| store_error(error))
}
