//! The reading statements, shared by readers and by the writer's transaction.

use futures_util::TryStreamExt as _;
use jiff::Timestamp;
use ledger::limits::{MAX_READ, MAX_READ_BYTES};
use ledger::{
    Checkpoint, Entry, FoldId, Hash, Head, Lease, PublicKey, Query, RawEntry, Remembered,
    Signature, Snapshot, StoreError, Stream, VisitRow, WrappedKey, time,
};
use tokio_postgres::Row;
use tokio_postgres::types::{FromSql, ToSql};

use crate::failure::Failure;
use crate::server::{Link, Values};

const COLUMNS: &str = "seq, stream, version, kind, at, actor, cause, body, prev_hash, hash";

/// The statement that reads the head without holding it.
pub(crate) const HEAD: &str = "SELECT seq, hash, at FROM council_head";

/// Whether a read took all that its statement gave. A connection with an unread rest is given up, because the server
/// would send the rest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rest {
    /// Nothing.
    None,
    /// There is more on its way.
    Unread,
}

/// Numbers as the database holds them; the ledger's never come near the limit.
pub(crate) fn number(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

fn damaged(what: impl Into<String>) -> Failure {
    Failure::Store(StoreError::Damaged { what: what.into() })
}

/// A value of a row, which has the type that its column was made with, or the table is not ours.
pub(crate) fn value<'a, T: FromSql<'a>>(row: &'a Row, column: usize) -> Result<T, Failure> {
    row.try_get(column).map_err(|error| {
        use std::error::Error as _;
        damaged(error.source().map_or_else(|| error.to_string(), ToString::to_string))
    })
}

pub(crate) fn count(row: &Row, column: usize) -> Result<u64, Failure> {
    let count: i64 = value(row, column)?;
    u64::try_from(count).map_err(|_| damaged("a number that counts up is negative"))
}

pub(crate) fn hash(row: &Row, column: usize) -> Result<Hash, Failure> {
    let bytes: &[u8] = value(row, column)?;
    bytes.try_into().map(Hash).map_err(|_| damaged("a hash is not 32 bytes long"))
}

fn moment(row: &Row, column: usize) -> Result<Timestamp, Failure> {
    let text: &str = value(row, column)?;
    time::parse(text.as_bytes()).ok_or_else(|| damaged("a time is not one of the ledger's"))
}

pub(crate) fn head_of(rows: &[Row]) -> Result<Head, Failure> {
    let row = rows.first().ok_or_else(|| damaged("the row of the head is missing"))?;
    Ok(Head { seq: count(row, 0)?, hash: hash(row, 1)?, at: moment(row, 2)? })
}

pub(crate) fn head(link: &Link) -> Result<Head, Failure> {
    head_of(&link.wait(link.query(HEAD, &[]))?)
}

pub(crate) fn version(link: &Link, stream: &Stream) -> Result<u64, Failure> {
    let sql = "SELECT coalesce(max(version), 0) FROM council_entries WHERE stream = $1";
    let rows = link.wait(link.query(sql, &[&stream.as_str()]))?;
    rows.first().map_or(Ok(0), |row| count(row, 0))
}

fn raw(row: &Row) -> Result<RawEntry<'_>, Failure> {
    let text = |column| value::<&str>(row, column).map(str::as_bytes);
    Ok(RawEntry {
        seq: count(row, 0)?,
        stream: text(1)?,
        version: count(row, 2)?,
        kind: text(3)?,
        at: text(4)?,
        actor: text(5)?,
        cause: value::<Option<&str>>(row, 6)?.map(str::as_bytes),
        body: text(7)?,
        prev_hash: value(row, 8)?,
        hash: value(row, 9)?,
    })
}

/// A condition of a query and the values that it compares with.
struct Conditions<'a> {
    sql: String,
    values: Vec<&'a (dyn ToSql + Sync)>,
}

impl<'a> Conditions<'a> {
    fn add(&mut self, text: &str, value: &'a (dyn ToSql + Sync)) {
        self.values.push(value);
        self.sql.push_str(&format!(" {text} ${}", self.values.len()));
    }
}

pub(crate) fn entries(link: &Link, query: &Query) -> Result<(Vec<Entry>, Rest), Failure> {
    let Query { after, before, stream, kind, actor, newest_first, limit } = query;
    let (after, before) = (number(*after), before.map_or(i64::MAX, number));
    let limit = if *limit == 0 { MAX_READ } else { (*limit).min(MAX_READ) };
    // Names below `prefix` begin with `prefix/`; `0` is the character behind `/`.
    let below = stream.as_deref().map(|prefix| (format!("{prefix}/"), format!("{prefix}0")));
    let sql = format!("SELECT {COLUMNS} FROM council_entries WHERE TRUE");
    let mut conditions = Conditions { sql, values: Vec::new() };
    conditions.add("AND seq >", &after);
    conditions.add("AND seq <", &before);
    if let (Some(stream), Some((from, to))) = (stream, &below) {
        conditions.add("AND (stream =", stream);
        conditions.add("OR stream >=", from);
        conditions.add("AND stream <", to);
        conditions.sql.push(')');
    }
    if let Some(kind) = kind {
        conditions.add("AND kind =", kind);
    }
    if let Some(actor) = actor {
        conditions.add("AND actor =", actor);
    }
    let Conditions { sql, values } = conditions;
    let order = if *newest_first { "DESC" } else { "ASC" };
    collect(link, &format!("{sql} ORDER BY seq {order} LIMIT {limit}"), &values)
}

pub(crate) fn stream(
    link: &Link,
    stream: &Stream,
    after_version: u64,
) -> Result<(Vec<Entry>, Rest), Failure> {
    let sql = format!(
        "SELECT {COLUMNS} FROM council_entries WHERE stream = $1 AND version > $2
         ORDER BY version LIMIT {MAX_READ}"
    );
    collect(link, &sql, &[&stream.as_str(), &number(after_version)])
}

/// Reads entries until they are enough bytes for one answer.
fn collect(link: &Link, sql: &str, values: Values<'_>) -> Result<(Vec<Entry>, Rest), Failure> {
    link.wait(async {
        let mut rows = Box::pin(link.stream(sql, values).await?);
        let (mut found, mut bytes) = (Vec::new(), 0);
        while let Some(row) = rows.try_next().await? {
            let entry = raw(&row)?.read()?;
            bytes += entry.body.as_str().len();
            found.push(entry);
            if bytes >= MAX_READ_BYTES {
                return Ok((found, Rest::Unread));
            }
        }
        Ok((found, Rest::None))
    })
}

pub(crate) fn seq_at(link: &Link, at: Timestamp) -> Result<u64, Failure> {
    // `at` never decreases along `seq`, so a bisection over the primary key needs no index on it.
    let text = time::format(at);
    let (mut known, mut beyond) = (0, head(link)?.seq + 1);
    while known + 1 < beyond {
        let middle = known + (beyond - known) / 2;
        let sql = "SELECT at FROM council_entries WHERE seq = $1";
        let rows = link.wait(link.query(sql, &[&number(middle)]))?;
        let row = rows.first().ok_or_else(|| damaged(format!("entry {middle} is missing")))?;
        if value::<&str>(row, 0)? <= text.as_str() {
            known = middle;
        } else {
            beyond = middle;
        }
    }
    Ok(known)
}

pub(crate) fn each_row(link: &Link, visit: &mut VisitRow<'_>) -> Result<Rest, Failure> {
    let sql = format!("SELECT {COLUMNS} FROM council_entries ORDER BY seq");
    let mut rows = Box::pin(link.wait(link.stream(&sql, &[]))?);
    while let Some(row) = link.wait(async { Ok(rows.try_next().await?) })? {
        let wants_more = match raw(&row) {
            Ok(raw) => visit(Ok(raw)),
            Err(Failure::Store(error)) => visit(Err(error)),
            Err(other) => return Err(other),
        };
        if !wants_more {
            return Ok(Rest::Unread);
        }
    }
    Ok(Rest::None)
}

pub(crate) fn checkpoints(link: &Link) -> Result<Vec<Checkpoint>, Failure> {
    let sql = "SELECT seq, hash, at, key, signature FROM council_checkpoints ORDER BY seq";
    let rows = link.wait(link.query(sql, &[]))?;
    let array = |_| damaged("a checkpoint's key or signature has the wrong length");
    rows.iter()
        .map(|row| {
            Ok(Checkpoint {
                seq: count(row, 0)?,
                hash: hash(row, 1)?,
                at: moment(row, 2)?,
                key: PublicKey(value::<&[u8]>(row, 3)?.try_into().map_err(array)?),
                signature: Signature(value::<&[u8]>(row, 4)?.try_into().map_err(array)?),
            })
        })
        .collect()
}

pub(crate) fn snapshot(
    link: &Link,
    fold: FoldId<'_>,
    up_to: u64,
) -> Result<Option<Snapshot>, Failure> {
    let FoldId { name, version } = fold;
    let sql = "SELECT seq, hash, state, digest FROM council_snapshots
               WHERE fold = $1 AND version = $2 AND seq <= $3 ORDER BY seq DESC LIMIT 1";
    let rows = link.wait(link.query(sql, &[&name, &i64::from(version), &number(up_to)]))?;
    let Some(row) = rows.first() else { return Ok(None) };
    Ok(Some(Snapshot {
        fold: name.to_owned(),
        version,
        seq: count(row, 0)?,
        hash: hash(row, 1)?,
        state: value(row, 2)?,
        digest: hash(row, 3)?,
    }))
}

fn wrapped_keys(rows: &[Row]) -> Result<Vec<WrappedKey>, Failure> {
    rows.iter()
        .map(|row| {
            let stream =
                Stream::new(value::<&str>(row, 1)?).map_err(|error| damaged(error.to_string()))?;
            Ok(WrappedKey { id: value(row, 0)?, stream, wrapped: value(row, 2)? })
        })
        .collect()
}

pub(crate) fn stream_keys(link: &Link, stream: &Stream) -> Result<Vec<WrappedKey>, Failure> {
    let sql = "SELECT id, stream, wrapped FROM council_stream_keys
               WHERE stream = $1 ORDER BY number DESC";
    wrapped_keys(&link.wait(link.query(sql, &[&stream.as_str()]))?)
}

pub(crate) fn all_stream_keys(link: &Link) -> Result<Vec<WrappedKey>, Failure> {
    let sql = "SELECT id, stream, wrapped FROM council_stream_keys ORDER BY number DESC";
    wrapped_keys(&link.wait(link.query(sql, &[]))?)
}

/// Reads leases whose columns are `name, holder, token, until`.
pub(crate) fn leases_of(rows: &[Row]) -> Result<Vec<Lease>, Failure> {
    rows.iter()
        .map(|row| {
            let (name, holder) = (value(row, 0)?, value(row, 1)?);
            Ok(Lease { name, holder, token: count(row, 2)?, until: moment(row, 3)? })
        })
        .collect()
}

pub(crate) fn lease(link: &Link, name: &str) -> Result<Option<Lease>, Failure> {
    let sql = "SELECT name, holder, token, until FROM council_leases WHERE name = $1";
    Ok(leases_of(&link.wait(link.query(sql, &[&name]))?)?.pop())
}

pub(crate) fn leases(link: &Link) -> Result<Vec<Lease>, Failure> {
    let sql = "SELECT name, holder, token, until FROM council_leases ORDER BY name";
    leases_of(&link.wait(link.query(sql, &[]))?)
}

/// Reads what keys stand for from the columns `key, first, last, fingerprint`.
pub(crate) fn remembered_of(rows: &[Row]) -> Result<Vec<(String, Remembered)>, Failure> {
    rows.iter()
        .map(|row| {
            let (first, last, fingerprint) = (count(row, 1)?, count(row, 2)?, hash(row, 3)?);
            Ok((value(row, 0)?, Remembered { first, last, fingerprint }))
        })
        .collect()
}

pub(crate) fn remembered(link: &Link, key: &str) -> Result<Option<Remembered>, Failure> {
    let sql = "SELECT key, first, last, fingerprint FROM council_idempotency WHERE key = $1";
    let found = remembered_of(&link.wait(link.query(sql, &[&key]))?)?;
    Ok(found.into_iter().next().map(|(_, remembered)| remembered))
}

pub(crate) fn remembered_behind(
    link: &Link,
    key: &str,
) -> Result<Vec<(String, Remembered)>, Failure> {
    let sql = format!(
        "SELECT key, first, last, fingerprint FROM council_idempotency
         WHERE key > $1 ORDER BY key LIMIT {MAX_READ}"
    );
    remembered_of(&link.wait(link.query(&sql, &[&key]))?)
}
