//! The reading statements, shared by read connections and by the writer's transaction.

use jiff::Timestamp;
use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, ValueRef};
use rusqlite::{Connection, OptionalExtension as _, Params, Row};

use super::error::store_error;
use crate::canonical::RawEntry;
use crate::checkpoint::Checkpoint;
use crate::entry::{Body, Entry, Hash, Head};
use crate::lease::Lease;
use crate::limits::{MAX_READ, MAX_READ_BYTES};
use crate::name::Stream;
use crate::seal::WrappedKey;
use crate::store::{FoldId, Header, Query, Remembered, Snapshot, StoreError, VisitRow};
use crate::time;
use crate::verify::{Finding, Place};

const COLUMNS: &str = "seq, stream, version, kind, at, actor, cause, body, prev_hash, hash";

impl FromSql for Hash {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let bytes = value.as_blob()?;
        bytes.try_into().map(Self).map_err(|_| FromSqlError::InvalidBlobSize {
            expected_size: 32,
            blob_size: bytes.len(),
        })
    }
}

impl ToSql for Hash {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(ValueRef::Blob(&self.0)))
    }
}

/// A time as it stands in a column.
pub(super) struct At(pub(super) Timestamp);

impl FromSql for At {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        time::parse(value.as_bytes()?).map(At).ok_or(FromSqlError::InvalidType)
    }
}

impl FromSql for Stream {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        Self::new(value.as_str()?).map_err(FromSqlError::other)
    }
}

pub(super) fn head(connection: &Connection, header: &Header) -> Result<Head, StoreError> {
    connection
        .prepare_cached("SELECT seq, hash, at FROM entries ORDER BY seq DESC LIMIT 1")
        .and_then(|mut statement| {
            statement
                .query_row([], |row| {
                    let At(at) = row.get(2)?;
                    Ok(Head { seq: row.get(0)?, hash: row.get(1)?, at })
                })
                .optional()
        })
        .map(|head| head.unwrap_or_else(|| header.empty_head()))
        .map_err(store_error)
}

pub(super) fn version(connection: &Connection, stream: &Stream) -> Result<u64, StoreError> {
    connection
        .prepare_cached("SELECT ifnull(max(version), 0) FROM entries WHERE stream = ?1")
        .and_then(|mut statement| statement.query_row([stream.as_str()], |row| row.get(0)))
        .map_err(store_error)
}

fn entry(row: &Row<'_>) -> rusqlite::Result<Entry> {
    let At(at) = row.get(4)?;
    Ok(Entry {
        seq: row.get(0)?,
        stream: row.get(1)?,
        version: row.get(2)?,
        kind: row.get(3)?,
        at,
        actor: row.get(5)?,
        cause: row.get(6)?,
        body: Body::from_canonical(row.get_ref(7)?.as_str()?),
        prev_hash: row.get(8)?,
        hash: row.get(9)?,
    })
}

/// The end of a range of names that begin with `prefix/`: `0` is the character behind `/`.
fn below(prefix: &str) -> (String, String) {
    (format!("{prefix}/"), format!("{prefix}0"))
}

pub(super) fn entries(connection: &Connection, query: &Query) -> Result<Vec<Entry>, StoreError> {
    use std::fmt::Write as _;
    let Query { after, before, stream, kind, actor, newest_first, limit } = query;
    let before = before.map_or(i64::MAX, |seq| i64::try_from(seq).unwrap_or(i64::MAX));
    let limit = if *limit == 0 { MAX_READ } else { (*limit).min(MAX_READ) };
    let range = stream.as_deref().map(below);
    let mut sql = format!("SELECT {COLUMNS} FROM entries WHERE seq > ?1 AND seq < ?2");
    let mut values: Vec<&dyn ToSql> = vec![after, &before];
    let mut condition = |text: &str, value| {
        values.push(value);
        let number = values.len();
        write!(sql, " {text} ?{number}").expect("BUG: writing to a String cannot fail");
    };
    if let (Some(stream), Some((from, to))) = (stream, &range) {
        condition("AND (stream =", stream);
        condition("OR stream >=", from);
        condition("AND stream <", to);
        sql.push(')');
    }
    let mut condition = |text: &str, value| {
        values.push(value);
        let number = values.len();
        write!(sql, " {text} ?{number}").expect("BUG: writing to a String cannot fail");
    };
    if let Some(kind) = kind {
        condition("AND kind =", kind);
    }
    if let Some(actor) = actor {
        condition("AND actor =", actor);
    }
    let order = if *newest_first { "DESC" } else { "ASC" };
    write!(sql, " ORDER BY seq {order} LIMIT {limit}")
        .expect("BUG: writing to a String cannot fail");
    collect(connection, &sql, values.as_slice())
}

pub(super) fn stream(
    connection: &Connection,
    stream: &Stream,
    after_version: u64,
) -> Result<Vec<Entry>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM entries WHERE stream = ?1 AND version > ?2
         ORDER BY version LIMIT {MAX_READ}"
    );
    collect(connection, &sql, (stream.as_str(), after_version))
}

/// Reads entries until they are enough bytes for one answer.
fn collect(
    connection: &Connection,
    sql: &str,
    values: impl Params,
) -> Result<Vec<Entry>, StoreError> {
    let mut statement = connection.prepare_cached(sql).map_err(store_error)?;
    let mut rows = statement.query(values).map_err(store_error)?;
    let (mut found, mut bytes) = (Vec::new(), 0);
    while let Some(row) = rows.next().map_err(store_error)? {
        let entry = entry(row).map_err(store_error)?;
        bytes += entry.body.as_str().len();
        found.push(entry);
        if bytes >= MAX_READ_BYTES {
            break;
        }
    }
    Ok(found)
}

pub(super) fn seq_at(connection: &Connection, at: Timestamp) -> Result<u64, StoreError> {
    // `at` never decreases along `seq`, so a bisection over the primary key needs no index on it.
    let text = time::format(at);
    let mut statement =
        connection.prepare_cached("SELECT at FROM entries WHERE seq = ?1").map_err(store_error)?;
    let last: u64 = connection
        .prepare_cached("SELECT ifnull(max(seq), 0) FROM entries")
        .and_then(|mut statement| statement.query_row([], |row| row.get(0)))
        .map_err(store_error)?;
    let (mut known, mut beyond) = (0, last + 1);
    while known + 1 < beyond {
        let middle = known + (beyond - known) / 2;
        let there: String = statement.query_row([middle], |row| row.get(0)).map_err(store_error)?;
        if there <= text {
            known = middle;
        } else {
            beyond = middle;
        }
    }
    Ok(known)
}

pub(super) fn each_row(
    connection: &Connection,
    visit: &mut VisitRow<'_>,
) -> Result<(), StoreError> {
    let mut statement = connection
        .prepare_cached(&format!("SELECT {COLUMNS} FROM entries ORDER BY seq"))
        .map_err(store_error)?;
    let mut rows = statement.query([]).map_err(store_error)?;
    while let Some(row) = rows.next().map_err(store_error)? {
        let raw = raw(row).map_err(store_error);
        if !visit(raw) {
            break;
        }
    }
    Ok(())
}

fn raw<'a>(row: &'a Row<'_>) -> rusqlite::Result<RawEntry<'a>> {
    let text = |column| -> rusqlite::Result<&'a [u8]> { Ok(row.get_ref(column)?.as_bytes()?) };
    Ok(RawEntry {
        seq: row.get(0)?,
        stream: text(1)?,
        version: row.get(2)?,
        kind: text(3)?,
        at: text(4)?,
        actor: text(5)?,
        cause: row.get_ref(6)?.as_bytes_or_null()?,
        body: text(7)?,
        prev_hash: text(8)?,
        hash: text(9)?,
    })
}

/// Lets SQLite look for pages and trees that do not fit together.
pub(super) fn quick_check(connection: &Connection) -> Result<Vec<Finding>, StoreError> {
    let mut statement = connection.prepare("PRAGMA quick_check(20)").map_err(store_error)?;
    let lines = statement.query_map([], |row| row.get::<_, String>(0)).map_err(store_error)?;
    let mut findings = Vec::new();
    for line in lines {
        let line = line.map_err(store_error)?;
        if line != "ok" {
            findings.push(Finding::new(Place::File("database"), &line));
        }
    }
    Ok(findings)
}

pub(super) fn checkpoints(connection: &Connection) -> Result<Vec<Checkpoint>, StoreError> {
    connection
        .prepare_cached("SELECT seq, hash, at, key, signature FROM checkpoints ORDER BY seq")
        .and_then(|mut statement| {
            statement
                .query_map([], |row| {
                    let At(at) = row.get(2)?;
                    Ok(Checkpoint {
                        seq: row.get(0)?,
                        hash: row.get(1)?,
                        at,
                        key: crate::keys::PublicKey(row.get(3)?),
                        signature: crate::checkpoint::Signature(row.get(4)?),
                    })
                })?
                .collect()
        })
        .map_err(store_error)
}

pub(super) fn snapshot(
    connection: &Connection,
    fold: FoldId<'_>,
    up_to: u64,
) -> Result<Option<Snapshot>, StoreError> {
    let FoldId { name, version } = fold;
    connection
        .prepare_cached(
            "SELECT seq, hash, state, digest FROM snapshots
             WHERE fold = ?1 AND version = ?2 AND seq <= ?3 ORDER BY seq DESC LIMIT 1",
        )
        .and_then(|mut statement| {
            statement
                .query_row((name, version, up_to), |row| {
                    Ok(Snapshot {
                        fold: name.to_owned(),
                        version,
                        seq: row.get(0)?,
                        hash: row.get(1)?,
                        state: row.get(2)?,
                        digest: row.get(3)?,
                    })
                })
                .optional()
        })
        .map_err(store_error)
}

pub(super) fn stream_keys(
    connection: &Connection,
    stream: Option<&Stream>,
) -> Result<Vec<WrappedKey>, StoreError> {
    connection
        .prepare_cached(
            "SELECT id, stream, wrapped FROM stream_keys
             WHERE ?1 IS NULL OR stream = ?1 ORDER BY rowid DESC",
        )
        .and_then(|mut statement| {
            statement
                .query_map([stream.map(Stream::as_str)], |row| {
                    Ok(WrappedKey { id: row.get(0)?, stream: row.get(1)?, wrapped: row.get(2)? })
                })?
                .collect()
        })
        .map_err(store_error)
}

pub(super) fn lease(connection: &Connection, name: &str) -> Result<Option<Lease>, StoreError> {
    connection
        .prepare_cached("SELECT holder, token, until FROM leases WHERE name = ?1")
        .and_then(|mut statement| {
            statement
                .query_row([name], |row| {
                    let At(until) = row.get(2)?;
                    Ok(Lease {
                        name: name.to_owned(),
                        holder: row.get(0)?,
                        token: row.get(1)?,
                        until,
                    })
                })
                .optional()
        })
        .map_err(store_error)
}

pub(super) fn leases(connection: &Connection) -> Result<Vec<Lease>, StoreError> {
    connection
        .prepare_cached("SELECT name, holder, token, until FROM leases ORDER BY name")
        .and_then(|mut statement| {
            statement
                .query_map([], |row| {
                    let At(until) = row.get(3)?;
                    Ok(Lease { name: row.get(0)?, holder: row.get(1)?, token: row.get(2)?, until })
                })?
                .collect()
        })
        .map_err(store_error)
}

pub(super) fn remembered(
    connection: &Connection,
    key: &str,
) -> Result<Option<Remembered>, StoreError> {
    connection
        .prepare_cached("SELECT first, last, fingerprint FROM idempotency WHERE key = ?1")
        .and_then(|mut statement| {
            statement
                .query_row([key], |row| {
                    Ok(Remembered {
                        first: row.get(0)?,
                        last: row.get(1)?,
                        fingerprint: row.get(2)?,
                    })
                })
                .optional()
        })
        .map_err(store_error)
}

pub(super) fn remembered_behind(
    connection: &Connection,
    key: &str,
) -> Result<Vec<(String, Remembered)>, StoreError> {
    connection
        .prepare_cached(&format!(
            "SELECT key, first, last, fingerprint FROM idempotency WHERE key > ?1
             ORDER BY key LIMIT {MAX_READ}"
        ))
        .and_then(|mut statement| {
            statement
                .query_map([key], |row| {
                    let (first, last, fingerprint) = (row.get(1)?, row.get(2)?, row.get(3)?);
                    Ok((row.get(0)?, Remembered { first, last, fingerprint }))
                })?
                .collect()
        })
        .map_err(store_error)
}
