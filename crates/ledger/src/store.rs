//! What a database must offer to hold a ledger: a dozen reads and one exclusive, durable write.
//!
//! Everything that makes a ledger a ledger (chain, versions, time, conditions, seals) is outside of it, so that
//! every store behaves the same. [`crate::suite`] is the proof that a store keeps its half of the contract.

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use jiff::Timestamp;

use crate::canonical::RawEntry;
use crate::checkpoint::Checkpoint;
use crate::entry::{Entry, Hash, Head};
use crate::lease::Lease;
use crate::name::Stream;
use crate::seal::WrappedKey;
use crate::verify::Finding;

/// A place where a ledger lies.
pub trait Store: Send + Sync + fmt::Debug {
    /// The ledger's identity.
    fn header(&self) -> &Header;

    /// Says whether other processes may write at the same time.
    fn is_shared(&self) -> bool {
        false
    }

    /// Runs `work` in the one exclusive transaction and makes it durable before it returns. When `work` fails,
    /// nothing has happened.
    ///
    /// Exclusive means: among all processes that write this ledger. A store behind a network may run `work` again from
    /// its beginning, when the server undid the first try or went away in the middle of it.
    ///
    /// # Errors
    /// The error of `work`, or that of the database.
    fn write(&self, work: &mut Work<'_>) -> Result<(), StoreError>;

    /// The newest entry's place.
    ///
    /// # Errors
    /// When the database fails, as with every method below.
    fn head(&self) -> Result<Head, StoreError>;

    /// Calls back with each new durable head that another process may have written. A store that this process alone
    /// writes never has one to tell of. The callback runs on a thread of the store and may read it.
    fn on_moved(&self, _moved: Moved) {}

    /// Reads entries in the order and within the bounds of `query`.
    fn entries(&self, query: &Query) -> Result<Vec<Entry>, StoreError>;

    /// Reads a stream behind a version, in order; at most as many entries as one read returns.
    fn stream(&self, stream: &Stream, after_version: u64) -> Result<Vec<Entry>, StoreError>;

    /// The version of a stream, 0 if it does not exist.
    fn version(&self, stream: &Stream) -> Result<u64, StoreError>;

    /// What was written under an idempotency key, as long as it is kept.
    fn remembered(&self, key: &str) -> Result<Option<Remembered>, StoreError>;

    /// What was written under the keys behind this one, in their order; at most as many as one read returns.
    fn remembered_behind(&self, key: &str) -> Result<Vec<(String, Remembered)>, StoreError>;

    /// The `seq` of the last entry whose `at` is not after the given time, 0 if there is none.
    fn seq_at(&self, at: Timestamp) -> Result<u64, StoreError>;

    /// Shows every row, in order, exactly as stored and unjudged, from one consistent view. A row that does not
    /// even have the right types is shown as the error.
    fn each_row(&self, visit: &mut VisitRow<'_>) -> Result<(), StoreError>;

    /// Every signed checkpoint, in order.
    fn checkpoints(&self) -> Result<Vec<Checkpoint>, StoreError>;

    /// The newest snapshot of a fold at this version and not beyond `up_to`.
    fn snapshot(&self, fold: FoldId<'_>, up_to: u64) -> Result<Option<Snapshot>, StoreError>;

    /// The keys under which a stream's texts are sealed, the newest first.
    fn stream_keys(&self, stream: &Stream) -> Result<Vec<WrappedKey>, StoreError>;

    /// Every stream's keys, for export.
    fn all_stream_keys(&self) -> Result<Vec<WrappedKey>, StoreError>;

    /// A lease as it stands.
    fn lease(&self, name: &str) -> Result<Option<Lease>, StoreError>;

    /// Every lease that was ever given, in the order of their names.
    fn leases(&self) -> Result<Vec<Lease>, StoreError>;

    /// Looks for damage below the level of entries: pages, indexes, checksums.
    fn check_medium(&self) -> Result<Vec<Finding>, StoreError>;

    /// Whether upkeep that no caller waits for (moving logs, noting heads) works.
    fn health(&self) -> Result<(), StoreError>;

    /// Writes a consistent copy to a new file while others go on writing.
    fn backup(&self, to: &Path) -> Result<(), StoreError>;

    /// Makes sure that erased keys are gone from logs and free space, too.
    fn scrub(&self) -> Result<(), StoreError>;
}

/// The work done inside a [`Store::write`].
pub type Work<'a> = dyn FnMut(&mut dyn Write) -> Result<(), StoreError> + 'a;

/// Hears of the heads of [`Store::on_moved`].
pub type Moved = Box<dyn Fn(Head) + Send + Sync>;

/// Receives the rows of [`Store::each_row`]; returns whether it wants more.
pub type VisitRow<'a> = dyn FnMut(Result<RawEntry<'_>, StoreError>) -> bool + 'a;

/// The statements inside an exclusive transaction. Reads see the transaction's own writes.
pub trait Write {
    /// Hears what the transaction is about to ask, so that a store behind a network can fetch all the answers at once.
    /// A hint: what was not announced may be asked all the same.
    ///
    /// # Errors
    /// When the database fails, as with every method below.
    fn foresee(
        &mut self,
        _questions: &mut dyn Iterator<Item = Question<'_>>,
    ) -> Result<(), StoreError> {
        Ok(())
    }

    /// The newest entry's place.
    fn head(&mut self) -> Result<Head, StoreError>;

    /// The version of a stream, 0 if it does not exist.
    fn version(&mut self, stream: &Stream) -> Result<u64, StoreError>;

    /// Adds an entry behind the newest one.
    fn insert(&mut self, entry: &Entry) -> Result<(), StoreError>;

    /// What was written under an idempotency key.
    fn remembered(&mut self, key: &str) -> Result<Option<Remembered>, StoreError>;

    /// Notes what was written under an idempotency key, and forgets those older than the window.
    fn remember(&mut self, key: &str, remembered: &Remembered) -> Result<(), StoreError>;

    /// A lease as it stands.
    fn lease(&mut self, name: &str) -> Result<Option<Lease>, StoreError>;

    /// Replaces a lease.
    fn put_lease(&mut self, lease: &Lease) -> Result<(), StoreError>;

    /// Adds a signed checkpoint.
    fn put_checkpoint(&mut self, checkpoint: &Checkpoint) -> Result<(), StoreError>;

    /// Adds a snapshot and drops the fold's surplus ones.
    fn put_snapshot(&mut self, snapshot: &Snapshot) -> Result<(), StoreError>;

    /// The newest key of a stream.
    fn stream_key(&mut self, stream: &Stream) -> Result<Option<WrappedKey>, StoreError>;

    /// Adds a key for a stream.
    fn put_stream_key(&mut self, key: &WrappedKey) -> Result<(), StoreError>;

    /// Removes every key of a stream and says how many there were.
    fn erase_stream_keys(&mut self, stream: &Stream) -> Result<usize, StoreError>;
}

/// What a transaction may ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Question<'a> {
    /// The version of a stream.
    Version(&'a Stream),
    /// What was written under an idempotency key.
    Remembered(&'a str),
    /// A lease as it stands.
    Lease(&'a str),
}

/// Says which ledger this is. The chain's genesis is its digest, so entries of one ledger cannot pass for
/// those of another.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Header {
    /// The format of entries and hashes.
    pub format: String,
    /// 32 random hexadecimal digits.
    pub id: String,
}

/// The only format there is so far.
pub const FORMAT: &str = "council-ledger/1";

impl Header {
    /// Names a new ledger.
    #[must_use]
    pub fn new(random: [u8; 16]) -> Self {
        use std::fmt::Write as _;
        let mut id = String::new();
        for byte in random {
            write!(id, "{byte:02x}").expect("BUG: writing to a String cannot fail");
        }
        Self { format: FORMAT.to_owned(), id }
    }

    /// The hash that the first entry links to.
    #[must_use]
    pub fn genesis(&self) -> Hash {
        use sha2::Digest as _;
        let canonical = format!("{{\"format\":\"{}\",\"id\":\"{}\"}}", self.format, self.id);
        Hash(sha2::Sha256::digest(canonical).into())
    }

    /// The head of the ledger while it is empty.
    #[must_use]
    pub fn empty_head(&self) -> Head {
        Head { seq: 0, hash: self.genesis(), at: crate::limits::earliest() }
    }
}

/// Which entries to read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Query {
    /// Only entries behind this `seq`.
    pub after: u64,
    /// Only entries before this `seq`.
    pub before: Option<u64>,
    /// Only entries of this stream, or of the streams below it (`decision` or `decision/D-0007`).
    pub stream: Option<String>,
    /// Only entries of this kind.
    pub kind: Option<String>,
    /// Only entries by this actor.
    pub actor: Option<String>,
    /// Newest first instead of oldest first.
    pub newest_first: bool,
    /// How many at most; never more than [`crate::limits::MAX_READ`], which 0 stands for.
    pub limit: usize,
}

/// What an idempotency key has led to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Remembered {
    /// The first entry written under it.
    pub first: u64,
    /// The last one.
    pub last: u64,
    /// Digest of the drafts.
    pub fingerprint: Hash,
}

/// Names a fold among its snapshots.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FoldId<'a> {
    /// The fold's name.
    pub name: &'a str,
    /// The fold's version.
    pub version: u32,
}

/// A fold's state after an entry: a cache that may vanish at any time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snapshot {
    /// The fold's name.
    pub fold: String,
    /// The fold's version, which changes with its code.
    pub version: u32,
    /// The last entry in it.
    pub seq: u64,
    /// That entry's hash: a snapshot of another history is worthless.
    pub hash: Hash,
    /// The serialized state.
    pub state: Vec<u8>,
    /// Digest of the state.
    pub digest: Hash,
}

/// A store's failure, in words for whoever runs the machine.
#[derive(Debug, Clone, thiserror::Error)]
pub enum StoreError {
    /// There is no space left.
    #[error(
        "the disk is full or a quota is reached; nothing was lost: free some space and try again"
    )]
    Full(#[source] Cause),
    /// The file, directory, file system or server does not allow writing.
    #[error(
        "the ledger cannot be written: its file, directory, file system or database server is read-only"
    )]
    ReadOnly(#[source] Cause),
    /// Somebody else holds the database.
    #[error("the ledger's database is busy; try again shortly")]
    Busy(#[source] Cause),
    /// What was read cannot be right.
    #[error("the ledger's database is damaged: {what}; run `council ledger verify` to see where")]
    Damaged {
        /// What was seen.
        what: String,
    },
    /// The machine failed to read or write.
    #[error("reading or writing the ledger failed; look at the machine's disk and its log")]
    Io(#[source] Cause),
    /// The database server does not answer.
    #[error(
        "the ledger's database `{server}` does not answer; see that it runs and can be reached, then try again"
    )]
    Unreachable {
        /// Where it is, without any password.
        server: String,
        /// What was seen.
        source: Cause,
    },
    /// The server went away during a commit and has not come back to say what became of it.
    #[error(
        "the ledger's database `{server}` went away in the middle of a commit, so nobody knows yet whether it was recorded; \
         once it is back, read again before you repeat it, or repeat it under the same idempotency key"
    )]
    InDoubt {
        /// Where it is, without any password.
        server: String,
        /// What was seen.
        source: Cause,
    },
    /// The work inside a transaction asked for it to be undone.
    #[error("the transaction was given up")]
    GivenUp,
}

/// What stands behind a store's failure, in the database's own words.
pub type Cause = Arc<dyn std::error::Error + Send + Sync>;

impl StoreError {
    /// Whether the same request may go through later, unchanged.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::Full(_) | Self::ReadOnly(_) | Self::Busy(_) | Self::Unreachable { .. } => true,
            Self::Damaged { .. } | Self::Io(_) | Self::InDoubt { .. } | Self::GivenUp => false,
        }
    }

    /// Whether one part of a write may be to blame, so that the others succeed without it.
    pub(crate) fn may_be_of_one(&self) -> bool {
        match self {
            Self::Full(_)
            | Self::ReadOnly(_)
            | Self::Busy(_)
            | Self::Damaged { .. }
            | Self::Io(_)
            | Self::GivenUp => true,
            Self::Unreachable { .. } | Self::InDoubt { .. } => false,
        }
    }

    /// Wraps a failure of the file system.
    #[must_use]
    pub fn from_io(error: std::io::Error) -> Self {
        use std::io::ErrorKind;
        match error.kind() {
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge => {
                Self::Full(Arc::new(error))
            }
            ErrorKind::ReadOnlyFilesystem | ErrorKind::PermissionDenied => {
                Self::ReadOnly(Arc::new(error))
            }
            _ => Self::Io(Arc::new(error)),
        }
    }
}
