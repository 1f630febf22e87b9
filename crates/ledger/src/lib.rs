//! The append-only, hash-chained record: the truth about what happened.
#![warn(missing_docs)]

mod append;
mod canonical;
mod chain;
mod checkpoint;
mod entry;
mod export;
mod fold;
mod import;
mod keys;
mod lease;
mod ledger;
pub mod limits;
mod name;
mod open;
mod receipt;
mod seal;
mod sqlite;
mod store;
mod time;
mod verify;
mod watch;
mod writer;

pub use append::{Append, AppendError, Appended, Draft, Expect, Fence};
pub use canonical::{InvalidBody, RawEntry, canonical};
pub use checkpoint::{Checkpoint, Signature};
pub use entry::{Body, Entry, Hash, Head, UnreadableBody};
pub use export::{ExportError, Exported};
pub use fold::{AsOf, Fold, Folded};
pub use import::{ImportError, Imported, import};
pub use keys::{KeyError, Keys, PublicKey};
pub use lease::{Lease, LeaseError};
pub use ledger::{Ledger, StartError};
pub use name::{InvalidName, Stream};
pub use open::{OpenError, Options};
pub use receipt::Receipt;
pub use seal::{SealError, Sealed, WrappedKey};
pub use sqlite::{Durability, LostTail, SqliteStore};
pub use store::{
    Cause, FORMAT, Header, Query, Remembered, Snapshot, Store, StoreError, VisitRow, Work, Write,
};
pub use verify::{Finding, Place, Trust, Verification, verify_file};
pub use watch::{Subscription, Watch};
