//! The writing statements, inside the writer's one transaction.

use rusqlite::{Connection, Params};

use super::error::store_error;
use super::read;
use crate::checkpoint::Checkpoint;
use crate::entry::{Entry, Head};
use crate::lease::Lease;
use crate::limits::{IDEMPOTENCY_WINDOW, MAX_SNAPSHOTS};
use crate::name::Stream;
use crate::seal::WrappedKey;
use crate::store::{Header, Remembered, Snapshot, StoreError, Write};
use crate::time;

/// An open transaction of the writer.
pub(super) struct SqliteWrite<'a> {
    pub(super) connection: &'a Connection,
    pub(super) header: &'a Header,
}

impl SqliteWrite<'_> {
    fn run(&self, sql: &str, values: impl Params) -> Result<usize, StoreError> {
        self.connection
            .prepare_cached(sql)
            .and_then(|mut statement| statement.execute(values))
            .map_err(store_error)
    }
}

impl Write for SqliteWrite<'_> {
    fn head(&mut self) -> Result<Head, StoreError> {
        read::head(self.connection, self.header)
    }

    fn version(&mut self, stream: &Stream) -> Result<u64, StoreError> {
        read::version(self.connection, stream)
    }

    fn insert(&mut self, entry: &Entry) -> Result<(), StoreError> {
        self.run(
            "INSERT INTO entries (seq, stream, version, kind, at, actor, cause, body, prev_hash, hash)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
            (
                entry.seq,
                entry.stream.as_str(),
                entry.version,
                &entry.kind,
                time::format(entry.at),
                &entry.actor,
                &entry.cause,
                entry.body.as_str(),
                entry.prev_hash,
                entry.hash,
            ),
        )?;
        Ok(())
    }

    fn remembered(&mut self, key: &str) -> Result<Option<Remembered>, StoreError> {
        read::remembered(self.connection, key)
    }

    fn remember(&mut self, key: &str, remembered: &Remembered) -> Result<(), StoreError> {
        let Remembered { first, last, fingerprint } = remembered;
        self.run(
            "INSERT INTO idempotency (key, first, last, fingerprint) VALUES (?1, ?2, ?3, ?4)",
            (key, first, last, fingerprint),
        )?;
        self.run(
            "DELETE FROM idempotency WHERE first < ?1",
            [last.saturating_sub(IDEMPOTENCY_WINDOW)],
        )?;
        Ok(())
    }

    fn lease(&mut self, name: &str) -> Result<Option<Lease>, StoreError> {
        read::lease(self.connection, name)
    }

    fn put_lease(&mut self, lease: &Lease) -> Result<(), StoreError> {
        let Lease { name, holder, token, until } = lease;
        self.run(
            "INSERT OR REPLACE INTO leases (name, holder, token, until) VALUES (?1, ?2, ?3, ?4)",
            (name, holder, token, time::format(*until)),
        )?;
        Ok(())
    }

    fn put_checkpoint(&mut self, checkpoint: &Checkpoint) -> Result<(), StoreError> {
        let Checkpoint { seq, hash, at, key, signature } = checkpoint;
        self.run(
            "INSERT OR REPLACE INTO checkpoints (seq, hash, at, key, signature)
             VALUES (?1, ?2, ?3, ?4, ?5)",
            (seq, hash, time::format(*at), key.0, signature.0),
        )?;
        Ok(())
    }

    fn put_snapshot(&mut self, snapshot: &Snapshot) -> Result<(), StoreError> {
        let Snapshot { fold, version, seq, hash, state, digest } = snapshot;
        self.run(
            "INSERT OR REPLACE INTO snapshots (fold, version, seq, hash, state, digest)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            (fold, version, seq, hash, state, digest),
        )?;
        self.run(
            "DELETE FROM snapshots WHERE fold = ?1 AND (version <> ?2 OR seq NOT IN
             (SELECT seq FROM snapshots WHERE fold = ?1 AND version = ?2 ORDER BY seq DESC LIMIT ?3))",
            (fold, version, i64::try_from(MAX_SNAPSHOTS).unwrap_or(i64::MAX)),
        )?;
        Ok(())
    }

    fn stream_key(&mut self, stream: &Stream) -> Result<Option<WrappedKey>, StoreError> {
        Ok(read::stream_keys(self.connection, Some(stream))?.into_iter().next())
    }

    fn put_stream_key(&mut self, key: &WrappedKey) -> Result<(), StoreError> {
        let WrappedKey { id, stream, wrapped } = key;
        self.run(
            "INSERT INTO stream_keys (id, stream, wrapped) VALUES (?1, ?2, ?3)",
            (id, stream.as_str(), wrapped),
        )?;
        Ok(())
    }

    fn erase_stream_keys(&mut self, stream: &Stream) -> Result<usize, StoreError> {
        self.run("DELETE FROM stream_keys WHERE stream = ?1", [stream.as_str()])
    }
}
