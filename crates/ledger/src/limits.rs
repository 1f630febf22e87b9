//! Every limit of the ledger, each with its reason.
//!
//! Reaching one is an error that names the limit, never a crash and never a silent cut. Hashes cover
//! what was written, so a limit may be raised at any time; lowering one must not touch reads.

use jiff::Timestamp;

/// Longest stream name in bytes. It stands in an index and in every URL of a record.
pub const MAX_STREAM_BYTES: usize = 200;

/// Longest kind, actor, lease or idempotency key in bytes: identifiers, not prose.
pub const MAX_NAME_BYTES: usize = 200;

/// Longest cause in bytes: a reference or a URL, for which 500 is ample.
pub const MAX_CAUSE_BYTES: usize = 500;

/// Largest canonical body in bytes (1 MiB). A plan of 10,000 steps fits; a disk image belongs elsewhere,
/// with its digest here. Every fold reads every body, so big ones are paid for at each replay.
pub const MAX_BODY_BYTES: usize = 1 << 20;

/// Deepest nesting of a body. Readers of JSON in other languages stop between 100 and 1,000.
pub const MAX_BODY_DEPTH: usize = 64;

/// Most drafts in one append: they share one transaction, and the writer serves nobody else meanwhile.
pub const MAX_DRAFTS: usize = 1_000;

/// Largest sum of bodies in one append (8 MiB), for the same reason as [`MAX_DRAFTS`].
pub const MAX_APPEND_BYTES: usize = 8 << 20;

/// Most appends that share one transaction. Above this the inserts take longer than the fsync they share,
/// and the first caller would wait for the last one's work.
pub const MAX_GROUP: usize = 1_024;

/// Most appends waiting for the writer. At ten thousand a second this is under half a second of work;
/// beyond it a caller learns that the ledger is busy instead of queueing without end.
pub const MAX_QUEUE: usize = 4_096;

/// Most entries that one read returns. A caller pages on from the last one's `seq`.
pub const MAX_READ: usize = 10_000;

/// Most body bytes that one read returns (32 MiB); a page always holds at least one entry.
pub const MAX_READ_BYTES: usize = 32 << 20;

/// Appends whose idempotency keys are remembered, counted in entries. At one entry a second this is over
/// eleven days, where HTTP clients give up after minutes.
pub const IDEMPOTENCY_WINDOW: u64 = 1_000_000;

/// Entries after which a fold leaves a snapshot. Replaying this many takes under a tenth of a second,
/// so more snapshots would cost more than they save.
pub const SNAPSHOT_EVERY: u64 = 20_000;

/// Snapshots kept for each fold: enough for `as of` reads in the recent past, small enough to forget about.
pub const MAX_SNAPSHOTS: usize = 8;

/// Largest snapshot in bytes (64 MiB). A larger state is replayed each time rather than bloating the store.
pub const MAX_SNAPSHOT_BYTES: usize = 64 << 20;

/// Largest sealed text in bytes. Base64 makes it a third longer, and it must still fit into a body.
pub const MAX_SEALED_BYTES: usize = 512 << 10;

/// Most findings that one verification lists; a ledger with more needs its backup, not a longer list.
pub const MAX_FINDINGS: usize = 100;

/// Earliest time an entry may claim (2000-01-01). A clock before it is a battery that died: boards without
/// one start at 1970, 1980 or their build date.
pub const EARLIEST_SECOND: i64 = 946_684_800;

/// First time that an entry may not claim any more (2200-01-01). `at` never decreases, so one absurd date
/// would date every entry after it.
pub const LATEST_SECOND: i64 = 7_258_118_400;

/// Farthest that `at` may lie after the entry before it (ten years), for the same reason: a council rests
/// for a while, but a leap of decades is a broken clock.
pub const MAX_LEAP_SECONDS: i64 = 10 * 366 * 86_400;

/// The `at` of an empty ledger's head.
#[must_use]
pub fn earliest() -> Timestamp {
    Timestamp::from_second(EARLIEST_SECOND).expect("BUG: the year 2000 is a valid time")
}
