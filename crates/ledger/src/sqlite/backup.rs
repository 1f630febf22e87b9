//! An online copy by SQLite's backup API.
//!
//! The whole copy is one read of one moment: the log lets writers go on meanwhile. The copy holds everything but the
//! key file, which is kept apart for the same reason for which it lies apart.

use std::fs::OpenOptions;
use std::path::Path;

use rusqlite::Connection;
use rusqlite::backup::{Backup, StepResult};

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
