//! Opening a ledger: where it lies, with which keys, how durable.

use std::path::{Path, PathBuf};

use crate::keys::{KeyError, Keys};
use crate::sqlite::{Durability, LostTail};
use crate::store::StoreError;

/// How a ledger is opened.
#[derive(Debug, Clone)]
pub struct Options {
    /// The secrets; `None` reads them from the file `<ledger>-keys`, creating it if need be.
    pub keys: Option<Keys>,
    /// How hard a commit tries to survive.
    pub durability: Durability,
    /// Length in bytes from which SQLite's log is moved into the main file. Moving costs three fsyncs whatever the
    /// length, so longer is cheaper; but a crash has to read the log again.
    pub log_bytes: u64,
}

/// The usual [`Options::log_bytes`] (16 MiB): about a second of the fastest appending.
const LOG_BYTES: u64 = 16 << 20;

impl Default for Options {
    fn default() -> Self {
        Self { keys: None, durability: Durability::Full, log_bytes: LOG_BYTES }
    }
}

impl Options {
    /// For tests, drills and dry runs: commits do not wait for the disk, keys still lie beside the ledger.
    #[must_use]
    pub fn throw_away() -> Self {
        Self { durability: Durability::ProcessOnly, ..Self::default() }
    }

    /// The given keys, or those in the file beside the ledger.
    pub(crate) fn keys(&self, ledger: &Path) -> Result<Keys, OpenError> {
        match &self.keys {
            Some(keys) => Ok(keys.clone()),
            None => Ok(Keys::load_or_create(&crate::sqlite::beside(ledger, "-keys"))?),
        }
    }
}

/// Says why a ledger was not opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Another process writes it.
    #[error("the ledger `{}` is in use by {by}; stop that one, or talk to it over its API", .path.display())]
    Locked {
        /// The ledger.
        path: PathBuf,
        /// Who holds it.
        by: String,
    },
    /// The file is something else.
    #[error("`{}` is a database, but not a ledger of council; check the path", .path.display())]
    NotALedger {
        /// The file.
        path: PathBuf,
    },
    /// A newer program wrote it.
    #[error("the ledger `{}` has schema version {found} and this program knows up to {known}; use the newer council", .path.display())]
    Newer {
        /// The ledger.
        path: PathBuf,
        /// Its schema version.
        found: i32,
        /// The newest one that this program knows.
        known: i32,
    },
    /// Its entries have a format that this program does not know.
    #[error("the ledger `{}` has the unknown format `{format}`; use the council that wrote it", .path.display())]
    UnknownFormat {
        /// The ledger.
        path: PathBuf,
        /// The format it names.
        format: String,
    },
    /// Entries that callers were told of are not there.
    #[error(
        "the ledger `{}` ends at entry {} but had acknowledged entry {}: its log was damaged or removed, or an old \
         copy was put in its place; bring back the newer files, or accept the loss by deleting `{}-sums`",
        .path.display(), .tail.found, .tail.acknowledged, .path.display()
    )]
    TailLost {
        /// The ledger.
        path: PathBuf,
        /// What is missing.
        tail: LostTail,
    },
    /// The database could not be opened.
    #[error("the ledger `{}` could not be opened", .path.display())]
    Store {
        /// The ledger.
        path: PathBuf,
        /// Why.
        source: StoreError,
    },
    /// The keys could not be read or made.
    #[error(transparent)]
    Keys(#[from] KeyError),
    /// The system has no randomness or no thread to give.
    #[error("the system could not give what a ledger needs")]
    System(#[source] std::io::Error),
}
