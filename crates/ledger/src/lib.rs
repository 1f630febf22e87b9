//! The ledger: what happened, in order, for good.
//!
//! ```text
//! caller ─ Append ─▶ prepare ─▶ queue ─▶ writer thread ─▶ admit ─▶ Store::write ─ fsync ─▶ Receipt
//!                  (canonical body)      (group commit)   (conditions, place, time, hash)
//! readers ◀─ Query, stream, replay ─ Store          folds ◀─ snapshots (a cache) + replay
//! ```
//!
//! An [`Entry`] is immutable and linked to the one before by SHA-256 over RFC 8785 canonical JSON. [`Ledger::append`]
//! is atomic, conditional ([`Expect`], [`Fence`], idempotency key) and durable when it returns; appends that come
//! together share one transaction and one fsync. [`Ledger::verify`] proves it all and says where it breaks.
//!
//! What always holds:
//! * `seq` and each stream's `version` count from 1 without gaps; `at` never decreases, whatever a clock does.
//! * What was acknowledged is there after a crash at any point; what was refused never happened.
//! * Nothing here reads a clock: times come in as arguments.
//! * State is a [`Fold`]; losing it costs a replay, never data.
//! * Free text that may name people is a [`Sealed`] value; erasing its stream's key erases it, and the chain holds.
//!
//! Absent on purpose: changing or deleting an entry, queries over bodies (that is what folds are for), and knowledge of
//! any kind of entry. A database is behind [`Store`], a dozen statements; [`SqliteStore`] is the embedded one, and
//! the feature `suite` holds the cases that any other must pass. [`copy`] moves a ledger from one into another.
#![warn(missing_docs)]

mod append;
mod canonical;
mod chain;
mod checkpoint;
mod copy;
mod entry;
mod envelope;
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
#[cfg(any(test, feature = "suite"))]
pub mod suite;
pub mod time;
mod verify;
mod watch;
mod writer;

pub use append::{Append, AppendError, Appended, Draft, Expect, Fence};
pub use canonical::{InvalidBody, RawEntry, canonical};
pub use checkpoint::{Checkpoint, Signature};
pub use copy::{Copied, CopyError, Side, back_up, copy};
pub use entry::{Body, Entry, Hash, Head, UnreadableBody};
pub use envelope::{Envelope, EnvelopeError, EnvelopeSignature};
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
    Cause, FORMAT, FoldId, Header, Moved, Query, Question, Remembered, Snapshot, Store, StoreError,
    VisitRow, Work, Write,
};
pub use verify::{Finding, Place, Trust, Verification, verify_file};
pub use watch::{Subscription, Watch};
pub use writer::Activity;
