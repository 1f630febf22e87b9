//! SQLite's result codes in the ledger's words.

use std::sync::Arc;

use rusqlite::ErrorCode;
use rusqlite::ffi::SQLITE_IOERR_SHMSIZE;

use crate::store::StoreError;

/// Classifies a failure of SQLite.
pub(super) fn store_error(error: rusqlite::Error) -> StoreError {
    let Some(code) = error.sqlite_error_code() else {
        // Not SQLite itself: a value of a row had another type than its column.
        return StoreError::Damaged { what: error.to_string() };
    };
    // The log's index has no room: SQLite calls that an I/O error, but it is a full disk.
    let no_room = |cause: &rusqlite::ffi::Error| cause.extended_code == SQLITE_IOERR_SHMSIZE;
    if error.sqlite_error().is_some_and(no_room) {
        return StoreError::Full(Arc::new(error));
    }
    match code {
        ErrorCode::DiskFull => StoreError::Full(Arc::new(error)),
        ErrorCode::ReadOnly | ErrorCode::CannotOpen | ErrorCode::PermissionDenied => {
            StoreError::ReadOnly(Arc::new(error))
        }
        ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => StoreError::Busy(Arc::new(error)),
        ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => {
            StoreError::Damaged { what: error.to_string() }
        }
        _ => StoreError::Io(Arc::new(error)),
    }
}
