//! The writing statements, inside the transaction that holds the head.
//!
//! A round trip to a server costs as much as a hundred inserts, so entries and idempotency keys wait here until the work
//! is done and then travel together with the commit; what the work will ask is fetched beforehand, all at once. The
//! work sees its own writes all the same.

use std::collections::BTreeMap;

use futures_util::future::join5;
use ledger::limits::{IDEMPOTENCY_WINDOW, MAX_SNAPSHOTS};
use ledger::{
    Checkpoint, Entry, Head, Lease, Question, Remembered, Snapshot, StoreError, Stream, WrappedKey,
    Write, time,
};

use crate::failure::Failure;
use crate::read::{self, count, number, value};
use crate::server::{Link, Values};

/// Takes the head for this transaction; everybody else waits here.
const HOLD: &str = "SELECT seq, hash, at FROM council_head FOR UPDATE";

const INSERT: &str = "INSERT INTO council_entries
    (seq, stream, version, kind, at, actor, cause, body, prev_hash, hash)
    SELECT * FROM unnest($1::BIGINT[], $2::TEXT[], $3::BIGINT[], $4::TEXT[], $5::TEXT[],
                         $6::TEXT[], $7::TEXT[], $8::TEXT[], $9::BYTEA[], $10::BYTEA[])";

const MOVE: &str = "UPDATE council_head SET seq = $1, hash = $2, at = $3";

const REMEMBER: &str = "INSERT INTO council_idempotency (key, first, last, fingerprint)
    SELECT * FROM unnest($1::TEXT[], $2::BIGINT[], $3::BIGINT[], $4::BYTEA[])";

const FORGET: &str = "DELETE FROM council_idempotency WHERE first < $1";

/// One probe of the index for each name, however long the streams are.
const VERSIONS: &str =
    "SELECT name, coalesce((SELECT max(version) FROM council_entries WHERE stream = name), 0)
    FROM unnest($1::TEXT[]) AS asked (name)";

const KNOWN_KEYS: &str =
    "SELECT key, first, last, fingerprint FROM council_idempotency WHERE key = ANY($1)";

const KNOWN_LEASES: &str =
    "SELECT name, holder, token, until FROM council_leases WHERE name = ANY($1)";

/// A transaction of the writer. It begins with the first statement, so that taking the head and the first answers share
/// a round trip: everybody else waits meanwhile.
pub(crate) struct PostgresWrite<'a> {
    link: &'a Link,
    server: &'a str,
    /// `None` until it has begun.
    head: Option<Head>,
    versions: BTreeMap<String, u64>,
    remembered: BTreeMap<String, Option<Remembered>>,
    leases: BTreeMap<String, Option<Lease>>,
    /// Wait for the end of the work.
    entries: Vec<Entry>,
    keys: Vec<(String, Remembered)>,
    /// What made the work fail, if it was the database.
    pub(crate) failure: Option<Failure>,
}

impl<'a> PostgresWrite<'a> {
    /// Makes a transaction that has not begun.
    pub(crate) fn over(link: &'a Link, server: &'a str) -> Self {
        Self {
            link,
            server,
            head: None,
            versions: BTreeMap::new(),
            remembered: BTreeMap::new(),
            leases: BTreeMap::new(),
            entries: Vec::new(),
            keys: Vec::new(),
            failure: None,
        }
    }

    /// Begins, takes the head, and fetches answers, as far as each has not been done.
    fn begin(&mut self, streams: &[&str], keys: &[&str], leases: &[&str]) -> Result<Head, Failure> {
        let link = self.link;
        let is_begun = self.head.is_some();
        let (held, versions, remembered, found) = link.wait(async {
            let hold = link.statement(HOLD).await?;
            let versions = link.statement(VERSIONS).await?;
            let remembered = link.statement(KNOWN_KEYS).await?;
            let found = link.statement(KNOWN_LEASES).await?;
            let (streams_value, keys_value, leases_value): (Values<'_>, Values<'_>, Values<'_>) =
                (&[&streams], &[&keys], &[&leases]);
            // Polled in this order, and each sends when it is first polled.
            let (begun, held, versions, remembered, found) = join5(
                unless(is_begun, link.batch("BEGIN ISOLATION LEVEL READ COMMITTED")),
                unless(is_begun, link.rows(&hold, &[])),
                unless(streams.is_empty(), link.rows(&versions, streams_value)),
                unless(keys.is_empty(), link.rows(&remembered, keys_value)),
                unless(leases.is_empty(), link.rows(&found, leases_value)),
            )
            .await;
            begun?;
            Ok((held?, versions?, remembered?, found?))
        })?;
        for row in &versions {
            self.versions.insert(value(row, 0)?, count(row, 1)?);
        }
        self.remembered.extend(keys.iter().map(|key| ((*key).to_owned(), None)));
        for (key, known) in read::remembered_of(&remembered)? {
            self.remembered.insert(key, Some(known));
        }
        self.leases.extend(leases.iter().map(|name| ((*name).to_owned(), None)));
        for lease in read::leases_of(&found)? {
            self.leases.insert(lease.name.clone(), Some(lease));
        }
        let head = match self.head {
            Some(head) => head,
            None => read::head_of(&held)?,
        };
        self.head = Some(head);
        Ok(head)
    }

    /// The head, taken now if it was not yet.
    pub(crate) fn held(&mut self) -> Result<Head, Failure> {
        match self.head {
            Some(head) => Ok(head),
            None => self.begin(&[], &[], &[]),
        }
    }

    fn begun(&mut self) -> Result<Head, StoreError> {
        self.held().map_err(|failure| self.failed(failure))
    }

    /// The head that this transaction makes, if it adds entries.
    pub(crate) fn new_head(&self) -> Option<Head> {
        self.entries.last().map(Entry::head)
    }

    /// Sends what has waited and commits, in one go.
    pub(crate) fn commit(mut self) -> Result<(), Failure> {
        let head = self.held()?;
        self.link.wait(async {
            let link = self.link;
            let insert = link.statement(INSERT).await?;
            let moved = link.statement(MOVE).await?;
            let remember = link.statement(REMEMBER).await?;
            let forget = link.statement(FORGET).await?;
            let Columns { seq, stream, version, kind, at, actor, cause, body, prev_hash, hash } =
                Columns::of(&self.entries);
            let (head_at, head_hash) = (time::format(head.at), head.hash.0.as_slice());
            let keys: Vec<&str> = self.keys.iter().map(|(key, _)| &**key).collect();
            let of = |what: fn(&Remembered) -> u64| -> Vec<i64> {
                self.keys.iter().map(|(_, remembered)| number(what(remembered))).collect()
            };
            let (first, last) = (of(|it| it.first), of(|it| it.last));
            let prints: Vec<&[u8]> =
                self.keys.iter().map(|(_, it)| it.fingerprint.0.as_slice()).collect();
            let oldest = number(head.seq.saturating_sub(IDEMPOTENCY_WINDOW));
            let no_entries = self.entries.is_empty();
            let no_keys = keys.is_empty();
            let insert_values: Values<'_> =
                &[&seq, &stream, &version, &kind, &at, &actor, &cause, &body, &prev_hash, &hash];
            let head_seq = number(head.seq);
            let head_values: Values<'_> = &[&head_seq, &head_hash, &head_at];
            let key_values: Values<'_> = &[&keys, &first, &last, &prints];
            let forget_values: Values<'_> = &[&oldest];
            // Polled in this order, and each sends when it is first polled.
            let (inserted, moved, remembered, forgotten, committed) = join5(
                unless(no_entries, link.execute(&insert, insert_values)),
                unless(no_entries, link.execute(&moved, head_values)),
                unless(no_keys, link.execute(&remember, key_values)),
                unless(no_keys, link.execute(&forget, forget_values)),
                link.batch("COMMIT"),
            )
            .await;
            // The first failure is the cause; after it the server answers COMMIT by undoing everything.
            inserted.and(moved).and(remembered).and(forgotten).and(committed)
        })
    }

    fn failed(&mut self, failure: Failure) -> StoreError {
        let error = failure.in_words(self.server);
        self.failure = Some(failure);
        error
    }

    fn run(&mut self, sql: &str, values: Values<'_>) -> Result<u64, StoreError> {
        self.begun()?;
        let link = self.link;
        let ran = link.wait(async {
            let statement = link.statement(sql).await?;
            link.execute(&statement, values).await
        });
        ran.map_err(|failure| self.failed(failure))
    }
}

/// Does nothing where there is nothing to do.
async fn unless<T: Default>(
    nothing: bool,
    work: impl Future<Output = Result<T, Failure>>,
) -> Result<T, Failure> {
    if nothing { Ok(T::default()) } else { work.await }
}

/// Entries by column, as `unnest` takes them.
struct Columns<'a> {
    seq: Vec<i64>,
    stream: Vec<&'a str>,
    version: Vec<i64>,
    kind: Vec<&'a str>,
    at: Vec<String>,
    actor: Vec<&'a str>,
    cause: Vec<Option<&'a str>>,
    body: Vec<&'a str>,
    prev_hash: Vec<&'a [u8]>,
    hash: Vec<&'a [u8]>,
}

impl<'a> Columns<'a> {
    fn of(entries: &'a [Entry]) -> Self {
        Self {
            seq: entries.iter().map(|entry| number(entry.seq)).collect(),
            stream: entries.iter().map(|entry| entry.stream.as_str()).collect(),
            version: entries.iter().map(|entry| number(entry.version)).collect(),
            kind: entries.iter().map(|entry| &*entry.kind).collect(),
            at: entries.iter().map(|entry| time::format(entry.at)).collect(),
            actor: entries.iter().map(|entry| &*entry.actor).collect(),
            cause: entries.iter().map(|entry| entry.cause.as_deref()).collect(),
            body: entries.iter().map(|entry| entry.body.as_str()).collect(),
            prev_hash: entries.iter().map(|entry| entry.prev_hash.0.as_slice()).collect(),
            hash: entries.iter().map(|entry| entry.hash.0.as_slice()).collect(),
        }
    }
}

impl Write for PostgresWrite<'_> {
    fn foresee(
        &mut self,
        questions: &mut dyn Iterator<Item = Question<'_>>,
    ) -> Result<(), StoreError> {
        let (mut streams, mut keys, mut leases) = (Vec::new(), Vec::new(), Vec::new());
        for question in questions {
            match question {
                Question::Version(stream) => streams.push(stream.as_str().to_owned()),
                Question::Remembered(key) => keys.push(key.to_owned()),
                Question::Lease(name) => leases.push(name.to_owned()),
            }
        }
        for names in [&mut streams, &mut keys, &mut leases] {
            names.sort_unstable();
            names.dedup();
        }
        let [streams, keys, leases] =
            [&streams, &keys, &leases].map(|names| names.iter().map(|name| &**name).collect());
        let (streams, keys, leases): (Vec<&str>, Vec<&str>, Vec<&str>) = (streams, keys, leases);
        self.begin(&streams, &keys, &leases).map(drop).map_err(|failure| self.failed(failure))
    }

    fn head(&mut self) -> Result<Head, StoreError> {
        self.begun()
    }

    fn version(&mut self, stream: &Stream) -> Result<u64, StoreError> {
        if let Some(known) = self.versions.get(stream.as_str()) {
            return Ok(*known);
        }
        self.begun()?;
        let version = read::version(self.link, stream).map_err(|failure| self.failed(failure))?;
        self.versions.insert(stream.as_str().to_owned(), version);
        Ok(version)
    }

    fn insert(&mut self, entry: &Entry) -> Result<(), StoreError> {
        self.begun()?;
        self.versions.insert(entry.stream.as_str().to_owned(), entry.version);
        self.head = Some(entry.head());
        self.entries.push(entry.clone());
        Ok(())
    }

    fn remembered(&mut self, key: &str) -> Result<Option<Remembered>, StoreError> {
        if let Some(known) = self.remembered.get(key) {
            return Ok(*known);
        }
        self.begun()?;
        read::remembered(self.link, key).map_err(|failure| self.failed(failure))
    }

    fn remember(&mut self, key: &str, remembered: &Remembered) -> Result<(), StoreError> {
        self.remembered.insert(key.to_owned(), Some(*remembered));
        self.keys.push((key.to_owned(), *remembered));
        Ok(())
    }

    fn lease(&mut self, name: &str) -> Result<Option<Lease>, StoreError> {
        if let Some(known) = self.leases.get(name) {
            return Ok(known.clone());
        }
        self.begun()?;
        read::lease(self.link, name).map_err(|failure| self.failed(failure))
    }

    fn put_lease(&mut self, lease: &Lease) -> Result<(), StoreError> {
        let Lease { name, holder, token, until } = lease;
        self.leases.insert(name.clone(), Some(lease.clone()));
        self.run(
            "INSERT INTO council_leases (name, holder, token, until) VALUES ($1, $2, $3, $4)
             ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, token = excluded.token,
             until = excluded.until",
            &[name, holder, &number(*token), &time::format(*until)],
        )?;
        Ok(())
    }

    fn put_checkpoint(&mut self, checkpoint: &Checkpoint) -> Result<(), StoreError> {
        let Checkpoint { seq, hash, at, key, signature } = checkpoint;
        self.run(
            "INSERT INTO council_checkpoints (seq, hash, at, key, signature)
             VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (seq) DO UPDATE SET hash = excluded.hash, at = excluded.at,
             key = excluded.key, signature = excluded.signature",
            &[
                &number(*seq),
                &hash.0.as_slice(),
                &time::format(*at),
                &key.0.as_slice(),
                &signature.0.as_slice(),
            ],
        )?;
        Ok(())
    }

    fn put_snapshot(&mut self, snapshot: &Snapshot) -> Result<(), StoreError> {
        let Snapshot { fold, version, seq, hash, state, digest } = snapshot;
        let version = i64::from(*version);
        self.run(
            "INSERT INTO council_snapshots (fold, version, seq, hash, state, digest)
             VALUES ($1, $2, $3, $4, $5, $6)
             ON CONFLICT (fold, seq) DO UPDATE SET version = excluded.version,
             hash = excluded.hash, state = excluded.state, digest = excluded.digest",
            &[fold, &version, &number(*seq), &hash.0.as_slice(), state, &digest.0.as_slice()],
        )?;
        self.run(
            "DELETE FROM council_snapshots WHERE fold = $1 AND (version <> $2 OR seq NOT IN
             (SELECT seq FROM council_snapshots WHERE fold = $1 AND version = $2
              ORDER BY seq DESC LIMIT $3))",
            &[fold, &version, &i64::try_from(MAX_SNAPSHOTS).unwrap_or(i64::MAX)],
        )?;
        Ok(())
    }

    fn stream_key(&mut self, stream: &Stream) -> Result<Option<WrappedKey>, StoreError> {
        self.begun()?;
        let keys = read::stream_keys(self.link, stream).map_err(|failure| self.failed(failure))?;
        Ok(keys.into_iter().next())
    }

    fn put_stream_key(&mut self, key: &WrappedKey) -> Result<(), StoreError> {
        let WrappedKey { id, stream, wrapped } = key;
        self.run(
            "INSERT INTO council_stream_keys (id, stream, wrapped) VALUES ($1, $2, $3)",
            &[id, &stream.as_str(), wrapped],
        )?;
        Ok(())
    }

    fn erase_stream_keys(&mut self, stream: &Stream) -> Result<usize, StoreError> {
        let erased =
            self.run("DELETE FROM council_stream_keys WHERE stream = $1", &[&stream.as_str()])?;
        Ok(usize::try_from(erased).unwrap_or(usize::MAX))
    }
}
