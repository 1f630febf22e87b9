//! Links drafts into the chain: checks conditions, gives each entry its place, time and hash.
//!
//! Two halves. [`prepare`] needs no store and runs on the caller's thread. [`admit`] runs inside the one
//! exclusive transaction; it looks at everything before it writes anything, so that a refused append leaves its
//! neighbours in the same transaction alone and no savepoint is needed.

use jiff::Timestamp;
use sha2::{Digest as _, Sha256};

use crate::append::{Append, AppendError, Appended, Expect, Fence};
use crate::canonical::canonical;
use crate::entry::{Body, Entry, Hash, Head};
use crate::limits::{
    EARLIEST_SECOND, LATEST_SECOND, MAX_APPEND_BYTES, MAX_DRAFTS, MAX_LEAP_SECONDS,
};
use crate::name::{Stream, check_cause, check_name};
use crate::store::{Question, Remembered, StoreError, Write};
use crate::time;

/// An append whose every part is acceptable in itself.
#[derive(Debug)]
pub(crate) struct Prepared {
    drafts: Vec<PreparedDraft>,
    expected: Vec<Expect>,
    at: Timestamp,
    key: Option<(String, Hash)>,
    fence: Option<Fence>,
    pub(crate) bytes: usize,
}

impl Prepared {
    /// What [`admit`] will ask the store.
    pub(crate) fn questions(&self) -> impl Iterator<Item = Question<'_>> {
        let key = self.key.iter().map(|(key, _)| Question::Remembered(key));
        let expected = self.expected.iter().map(|expect| Question::Version(&expect.stream));
        let lease = self.fence.iter().map(|fence| Question::Lease(&fence.lease));
        let drafts = self.drafts.iter().map(|draft| Question::Version(&draft.stream));
        key.chain(expected).chain(lease).chain(drafts)
    }
}

#[derive(Debug)]
struct PreparedDraft {
    stream: Stream,
    kind: String,
    actor: String,
    cause: Option<String>,
    body: Body,
}

/// Checks an append as far as that needs no store, and makes its bodies canonical.
pub(crate) fn prepare(append: Append) -> Result<Prepared, AppendError> {
    let Append { drafts, expected, at, key, fence } = append;
    if drafts.is_empty() {
        return Err(AppendError::Empty);
    }
    if drafts.len() > MAX_DRAFTS {
        return Err(AppendError::TooMany(drafts.len()));
    }
    if !(EARLIEST_SECOND..LATEST_SECOND).contains(&at.as_second()) {
        let why = "an entry's time lies between the years 2000 and 2199";
        return Err(AppendError::ImpossibleTime { at, why });
    }
    for (what, name) in
        [("key", key.as_deref()), ("lease", fence.as_ref().map(|fence| &*fence.lease))]
    {
        name.map_or(Ok(()), |name| check_name(what, name)).map_err(AppendError::Condition)?;
    }
    let mut bytes = 0;
    let mut prepared = Vec::with_capacity(drafts.len());
    for (index, draft) in drafts.into_iter().enumerate() {
        check_name("kind", &draft.kind)
            .and_then(|()| check_name("actor", &draft.actor))
            .and_then(|()| draft.cause.as_deref().map_or(Ok(()), check_cause))
            .map_err(|source| AppendError::Name { index, source })?;
        let body = canonical(&draft.body).map_err(|source| AppendError::Body { index, source })?;
        bytes += body.len();
        prepared.push(PreparedDraft {
            stream: draft.stream,
            kind: draft.kind,
            actor: draft.actor,
            cause: draft.cause,
            body: Body::from_canonical(body),
        });
    }
    if bytes > MAX_APPEND_BYTES {
        return Err(AppendError::TooLong(bytes));
    }
    let key = key.map(|key| (key, fingerprint(&prepared)));
    Ok(Prepared { drafts: prepared, expected, at: time::truncate(at), key, fence, bytes })
}

/// Digests what an idempotency key stands for: the drafts, not their time, for a retry comes later.
fn fingerprint(drafts: &[PreparedDraft]) -> Hash {
    let mut digest = Sha256::new();
    let mut field = |text: &str| {
        digest.update(text.len().to_be_bytes());
        digest.update(text);
    };
    for draft in drafts {
        field(draft.stream.as_str());
        field(&draft.kind);
        field(&draft.actor);
        field(draft.cause.as_deref().unwrap_or_default());
        field(draft.body.as_str());
    }
    Hash(digest.finalize().into())
}

/// What became of one append inside a transaction.
#[derive(Debug)]
pub(crate) enum Admitted {
    /// New entries, waiting for the commit.
    New(Vec<Entry>),
    /// The entries of an earlier append with the same key.
    Repeated(Remembered),
}

impl Admitted {
    /// Turns into the answer once the transaction is durable.
    pub(crate) fn into_appended(
        self,
        read: impl FnOnce(Remembered) -> Result<Vec<Entry>, StoreError>,
    ) -> Result<Appended, AppendError> {
        match self {
            Self::New(entries) => Ok(Appended { entries, repeated: false }),
            Self::Repeated(remembered) => read(remembered)
                .map(|entries| Appended { entries, repeated: true })
                .map_err(AppendError::Store),
        }
    }
}

/// Checks an append's conditions and writes its entries, moving `head` on.
///
/// The outer error is the store's and ends the transaction; the inner one is this append's alone.
pub(crate) fn admit(
    write: &mut dyn Write,
    head: &mut Head,
    append: &Prepared,
) -> Result<Result<Admitted, AppendError>, StoreError> {
    if let Some((key, fingerprint)) = &append.key
        && let Some(found) = write.remembered(key)?
    {
        if found.fingerprint == *fingerprint {
            return Ok(Ok(Admitted::Repeated(found)));
        }
        return Ok(Err(AppendError::KeyReused { key: key.clone(), first: found.first }));
    }
    if let Some(refusal) = refusal(write, head, append)? {
        return Ok(Err(refusal));
    }
    let first = head.seq + 1;
    let mut entries = Vec::with_capacity(append.drafts.len());
    for draft in &append.drafts {
        let version = write.version(&draft.stream)? + 1;
        let entry = link(head, version, append.at, draft);
        write.insert(&entry)?;
        *head = entry.head();
        entries.push(entry);
    }
    if let Some((key, fingerprint)) = &append.key {
        let remembered = Remembered { first, last: head.seq, fingerprint: *fingerprint };
        write.remember(key, &remembered)?;
    }
    Ok(Ok(Admitted::New(entries)))
}

fn refusal(
    write: &mut dyn Write,
    head: &Head,
    append: &Prepared,
) -> Result<Option<AppendError>, StoreError> {
    if head.seq > 0 && append.at.as_second() - head.at.as_second() > MAX_LEAP_SECONDS {
        let why = "it lies more than ten years after the newest entry";
        return Ok(Some(AppendError::ImpossibleTime { at: append.at, why }));
    }
    for Expect { stream, version } in &append.expected {
        let actual = write.version(stream)?;
        if actual != *version {
            let (stream, expected) = (stream.clone(), *version);
            return Ok(Some(AppendError::Conflict { stream, expected, actual }));
        }
    }
    if let Some(Fence { lease, token }) = &append.fence {
        let current = write.lease(lease)?.map_or(0, |lease| lease.token);
        if current != *token {
            let (lease, given) = (lease.clone(), *token);
            return Ok(Some(AppendError::Fenced { lease, given, current }));
        }
    }
    Ok(None)
}

fn link(head: &Head, version: u64, at: Timestamp, draft: &PreparedDraft) -> Entry {
    let mut entry = Entry {
        seq: head.seq + 1,
        stream: draft.stream.clone(),
        version,
        kind: draft.kind.clone(),
        at: at.max(head.at),
        actor: draft.actor.clone(),
        cause: draft.cause.clone(),
        body: draft.body.clone(),
        prev_hash: head.hash,
        hash: head.hash,
    };
    let at_text = time::format(entry.at);
    entry.hash = entry.raw(&at_text).digest(&mut Vec::with_capacity(512));
    entry
}
