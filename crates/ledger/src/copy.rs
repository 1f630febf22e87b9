//! Moving a ledger from one store into another, and proving that it has arrived.
//!
//! The source is proven first: damage is mended where it is, never carried along. Then everything is copied in steps
//! that are durable one by one, so that a copy that was interrupted goes on where it stopped. At the end the target is
//! read back, every entry hashed anew, and its head compared: equal hashes at the end of two intact chains are equal
//! entries all along.
//!
//! Carried along: entries, checkpoints, keys of sealed texts, leases with their tokens (a token must not repeat), and
//! what idempotency keys stand for (a retry must not be recorded twice). Left behind on purpose: snapshots, a cache.

use crate::canonical::RawEntry;
use crate::entry::Head;
use crate::ledger::Ledger;
use crate::limits::MAX_GROUP;
use crate::store::{Header, Query, Store, StoreError, Write};
use crate::verify::{ChainCheck, Finding};

/// What the target holds now.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Copied {
    /// Which ledger it is.
    pub header: Header,
    /// Its last entry.
    pub head: Head,
    /// How many entries were copied this time; the others had been there.
    pub entries: u64,
    /// How many signed checkpoints there are.
    pub checkpoints: u64,
    /// How many keys of sealed texts there are.
    pub stream_keys: u64,
    /// How many leases there are.
    pub leases: u64,
    /// How many idempotency keys there are.
    pub idempotency_keys: u64,
}

/// One of the two stores.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// The one that is read.
    Source,
    /// The one that is written.
    Target,
}

impl std::fmt::Display for Side {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Source => "source",
            Self::Target => "target",
        })
    }
}

/// Says why a ledger was not copied, or not proven to be.
#[derive(Debug, thiserror::Error)]
pub enum CopyError {
    /// The target holds another ledger.
    #[error(
        "the target holds the ledger `{target}`, not `{source_id}`; name an empty target, or the one that an earlier copy began"
    )]
    OtherLedger {
        /// The source's id.
        source_id: String,
        /// The target's id.
        target: String,
    },
    /// The target has entries that the source has not.
    #[error(
        "the target has gone on by itself: its entry {seq} is not the source's; copying would lose it, so name an empty target"
    )]
    Diverged {
        /// The target's last entry.
        seq: u64,
    },
    /// The source was written while it was copied.
    #[error(
        "the source has grown from entry {before} to {after} meanwhile; stop whoever writes it and copy again, which goes on from here"
    )]
    Moving {
        /// The head at the beginning.
        before: u64,
        /// The head at the end.
        after: u64,
    },
    /// The proof failed.
    #[error("the {side} is damaged: {}; run `council ledger verify` on it", first(.findings))]
    Damaged {
        /// Which one.
        side: Side,
        /// What is wrong.
        findings: Vec<Finding>,
    },
    /// A store failed.
    #[error("the {side} failed")]
    Store {
        /// Which one.
        side: Side,
        /// Why.
        source: StoreError,
    },
}

impl From<CopyError> for StoreError {
    /// For a store that makes its backup by copying.
    fn from(error: CopyError) -> Self {
        match error {
            CopyError::Store { source, .. } => source,
            CopyError::Damaged { .. } => Self::Damaged { what: error.to_string() },
            CopyError::OtherLedger { .. }
            | CopyError::Diverged { .. }
            | CopyError::Moving { .. } => Self::Io(std::sync::Arc::new(error)),
        }
    }
}

fn first(findings: &[Finding]) -> String {
    findings.first().map_or_else(|| "its end is missing".to_owned(), Finding::to_string)
}

fn of(side: Side) -> impl Fn(StoreError) -> CopyError {
    move |source| CopyError::Store { side, source }
}

/// Copies everything that `from` holds into `to`, which is empty or holds the beginning of the same ledger, and proves
/// both.
///
/// # Errors
/// When the two are different ledgers, one is damaged, the source is being written, or a store fails.
pub fn copy(from: &dyn Store, to: &dyn Store) -> Result<Copied, CopyError> {
    let copied = copy_up_to_head(from, to)?;
    let (before, after) = (copied.head.seq, from.head().map_err(of(Side::Source))?.seq);
    if after != before {
        return Err(CopyError::Moving { before, after });
    }
    Ok(copied)
}

impl Ledger {
    /// Copies everything into another store and proves both; see [`copy`].
    ///
    /// # Errors
    /// As [`copy`].
    pub fn copy_to(&self, to: &dyn Store) -> Result<Copied, CopyError> {
        copy(self.store(), to)
    }
}

/// Copies what `from` holds at this moment into `to`, which is empty, while others go on writing.
///
/// # Errors
/// When one is damaged, or a store fails.
pub fn back_up(from: &dyn Store, to: &dyn Store) -> Result<Copied, CopyError> {
    copy_up_to_head(from, to)
}

fn copy_up_to_head(from: &dyn Store, to: &dyn Store) -> Result<Copied, CopyError> {
    if from.header() != to.header() {
        let (source_id, target) = (from.header().id.clone(), to.header().id.clone());
        return Err(CopyError::OtherLedger { source_id, target });
    }
    let head = from.head().map_err(of(Side::Source))?;
    prove(from, Side::Source, &head)?;
    let begun = begun(from, to)?;
    copy_entries(from, to, begun, head.seq)?;
    let checkpoints = copy_checkpoints(from, to, head.seq)?;
    let stream_keys = copy_stream_keys(from, to)?;
    let leases = copy_leases(from, to)?;
    let idempotency_keys = copy_remembered(from, to)?;
    prove(to, Side::Target, &head)?;
    let (header, entries) = (from.header().clone(), head.seq - begun);
    Ok(Copied { header, head, entries, checkpoints, stream_keys, leases, idempotency_keys })
}

/// Hashes every entry, and sees that they lead to `head`.
fn prove(store: &dyn Store, side: Side, head: &Head) -> Result<(), CopyError> {
    let mut check = ChainCheck::new(store.header());
    let checkpoints = store.checkpoints().map_err(of(side))?;
    for checkpoint in checkpoints.iter().filter(|checkpoint| checkpoint.seq <= head.seq) {
        check.expect_checkpoint(checkpoint);
    }
    let is_behind =
        |row: &Result<RawEntry<'_>, StoreError>| row.as_ref().is_ok_and(|row| row.seq > head.seq);
    store.each_row(&mut |row| !is_behind(&row) && check.row(row)).map_err(of(side))?;
    let found = check.head().unwrap_or_else(|| store.header().empty_head());
    check.finish();
    let findings = check.into_findings();
    if findings.is_empty() && found == *head {
        return Ok(());
    }
    Err(CopyError::Damaged { side, findings })
}

/// How many entries an earlier copy has left in the target.
fn begun(from: &dyn Store, to: &dyn Store) -> Result<u64, CopyError> {
    let theirs = to.head().map_err(of(Side::Target))?;
    if theirs.seq == 0 {
        return Ok(0);
    }
    let place = Query { after: theirs.seq - 1, limit: 1, ..Query::default() };
    let ours = from.entries(&place).map_err(of(Side::Source))?;
    match ours.first() {
        Some(entry) if entry.head() == theirs => Ok(theirs.seq),
        Some(_) | None => Err(CopyError::Diverged { seq: theirs.seq }),
    }
}

fn copy_entries(from: &dyn Store, to: &dyn Store, begun: u64, last: u64) -> Result<(), CopyError> {
    let mut done = begun;
    loop {
        let before = Some(last + 1);
        let query = Query { after: done, before, limit: MAX_GROUP, ..Query::default() };
        let page = from.entries(&query).map_err(of(Side::Source))?;
        let Some(last) = page.last() else { return Ok(()) };
        write(to, &mut |write| page.iter().try_for_each(|entry| write.insert(entry)))?;
        done = last.seq;
    }
}

fn write(
    to: &dyn Store,
    work: &mut dyn FnMut(&mut dyn Write) -> Result<(), StoreError>,
) -> Result<(), CopyError> {
    to.write(work).map_err(of(Side::Target))
}

fn copy_checkpoints(from: &dyn Store, to: &dyn Store, last: u64) -> Result<u64, CopyError> {
    let mut checkpoints = from.checkpoints().map_err(of(Side::Source))?;
    checkpoints.retain(|checkpoint| checkpoint.seq <= last);
    for some in checkpoints.chunks(MAX_GROUP) {
        write(to, &mut |write| some.iter().try_for_each(|it| write.put_checkpoint(it)))?;
    }
    Ok(checkpoints.len() as u64)
}

/// The oldest first, so that the newest stays the newest.
fn copy_stream_keys(from: &dyn Store, to: &dyn Store) -> Result<u64, CopyError> {
    let there = to.all_stream_keys().map_err(of(Side::Target))?;
    let there: std::collections::BTreeSet<&str> = there.iter().map(|key| &*key.id).collect();
    let mut keys = from.all_stream_keys().map_err(of(Side::Source))?;
    keys.reverse();
    let missing: Vec<_> = keys.iter().filter(|key| !there.contains(&*key.id)).collect();
    for some in missing.chunks(MAX_GROUP) {
        write(to, &mut |write| some.iter().try_for_each(|key| write.put_stream_key(key)))?;
    }
    Ok(keys.len() as u64)
}

fn copy_leases(from: &dyn Store, to: &dyn Store) -> Result<u64, CopyError> {
    let leases = from.leases().map_err(of(Side::Source))?;
    write(to, &mut |write| leases.iter().try_for_each(|lease| write.put_lease(lease)))?;
    Ok(leases.len() as u64)
}

fn copy_remembered(from: &dyn Store, to: &dyn Store) -> Result<u64, CopyError> {
    let (mut count, mut behind) = (0, String::new());
    loop {
        let page = from.remembered_behind(&behind).map_err(of(Side::Source))?;
        let Some((last, _)) = page.last() else { return Ok(count) };
        for some in page.chunks(MAX_GROUP) {
            write(to, &mut |write| {
                for (key, remembered) in some {
                    if write.remembered(key)?.is_none() {
                        write.remember(key, remembered)?;
                    }
                }
                Ok(())
            })?;
        }
        count += page.len() as u64;
        behind.clone_from(last);
    }
}
