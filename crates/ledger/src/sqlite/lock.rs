//! One process writes a ledger.
//!
//! The lock belongs to an open file, so the kernel releases it with the process, however that ends. The file
//! stays behind on purpose: removing it would let two processes lock two different files.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read as _, Seek as _, Write as _};
use std::path::Path;

use crate::open::OpenError;
use crate::store::StoreError;

/// Held as long as this process may write the ledger.
#[derive(Debug)]
pub(super) struct Lock {
    #[expect(dead_code, reason = "the lock lives as long as the file is open")]
    file: File,
}

impl Lock {
    /// Takes the lock of the ledger at `path`.
    ///
    /// # Errors
    /// When another process holds it, or the directory cannot be written.
    pub(super) fn take(path: &Path) -> Result<Self, OpenError> {
        let io =
            |error| OpenError::Store { path: path.to_owned(), source: StoreError::from_io(error) };
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(super::beside(path, "-lock"))
            .map_err(io)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut holder = String::new();
                // The number is a courtesy; without it the message still says what is wrong.
                let by = match file.read_to_string(&mut holder) {
                    Ok(1..) => format!("process {}", holder.trim()),
                    Ok(0) | Err(_) => "another process".to_owned(),
                };
                return Err(OpenError::Locked { path: path.to_owned(), by });
            }
            Err(TryLockError::Error(error)) => return Err(io(error)),
        }
        // Only a courtesy to whoever is refused: a full disk must not keep the ledger from being read.
        drop(
            file.set_len(0)
                .and_then(|()| file.rewind())
                .and_then(|()| writeln!(file, "{}", std::process::id())),
        );
        Ok(Self { file })
    }
}
