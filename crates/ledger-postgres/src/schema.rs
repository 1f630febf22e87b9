//! The tables, and which version of them a database holds.
//!
//! Entries may only be added: the rights to change and delete them are taken from the owner himself, so that a slip at
//! the prompt fails instead of breaking the chain. (Whoever grants them back means it; the chain tells afterwards.) Names
//! are compared byte by byte (`COLLATE "C"`), as everywhere in the ledger.
//!
//! Replicas may start at the same moment on an empty database: one makes the tables, the others find them made.

use ledger::{FORMAT, Header, Keys};

use crate::failure::Failure;
use crate::open::OpenError;
use crate::read::{count, number, value};
use crate::server::{Link, Server};

/// The version of the tables that this program reads and writes.
const SCHEMA_VERSION: i64 = 1;

/// How often making the tables is begun again when another replica does the same.
const TRIES: usize = 10;

const TABLES: &str = r#"
CREATE TABLE council_ledger (
    one        BIGINT PRIMARY KEY CHECK (one = 1),
    schema     BIGINT NOT NULL,
    format     TEXT NOT NULL,
    id         TEXT NOT NULL,
    public_key BYTEA
);
CREATE TABLE council_head (
    one  BIGINT PRIMARY KEY CHECK (one = 1),
    seq  BIGINT NOT NULL,
    hash BYTEA NOT NULL,
    at   TEXT NOT NULL
);
CREATE TABLE council_entries (
    seq       BIGINT PRIMARY KEY,
    stream    TEXT COLLATE "C" NOT NULL,
    version   BIGINT NOT NULL,
    kind      TEXT NOT NULL,
    at        TEXT NOT NULL,
    actor     TEXT NOT NULL,
    cause     TEXT,
    body      TEXT NOT NULL,
    prev_hash BYTEA NOT NULL,
    hash      BYTEA NOT NULL
);
CREATE UNIQUE INDEX council_entries_by_stream ON council_entries (stream, version);
CREATE TABLE council_checkpoints (
    seq       BIGINT PRIMARY KEY,
    hash      BYTEA NOT NULL,
    at        TEXT NOT NULL,
    key       BYTEA NOT NULL,
    signature BYTEA NOT NULL
);
CREATE TABLE council_stream_keys (
    id      TEXT PRIMARY KEY,
    number  BIGINT GENERATED ALWAYS AS IDENTITY,
    stream  TEXT COLLATE "C" NOT NULL,
    wrapped BYTEA NOT NULL
);
CREATE INDEX council_stream_keys_by_stream ON council_stream_keys (stream);
CREATE TABLE council_leases (
    name   TEXT COLLATE "C" PRIMARY KEY,
    holder TEXT NOT NULL,
    token  BIGINT NOT NULL,
    until  TEXT NOT NULL
);
CREATE TABLE council_idempotency (
    key         TEXT COLLATE "C" PRIMARY KEY,
    first       BIGINT NOT NULL,
    last        BIGINT NOT NULL,
    fingerprint BYTEA NOT NULL
);
CREATE INDEX council_idempotency_by_age ON council_idempotency (first);
CREATE TABLE council_snapshots (
    fold    TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    seq     BIGINT NOT NULL,
    hash    BYTEA NOT NULL,
    state   BYTEA NOT NULL,
    digest  BYTEA NOT NULL,
    PRIMARY KEY (fold, seq)
);
REVOKE UPDATE, DELETE, TRUNCATE ON council_entries FROM CURRENT_USER;
"#;

/// Makes sure that the database holds a ledger of ours; with `fresh`, the name of a new one, the tables are made in an
/// empty database.
pub(crate) fn prepare(
    server: &Server,
    link: &Link,
    fresh: Option<&Header>,
) -> Result<Header, OpenError> {
    let failed = |failure| OpenError::of(&failure, server.address());
    let encoding = link.setting("server_encoding").map_err(failed)?.unwrap_or_default();
    // SQL_ASCII keeps bytes as they come; a database that does not know the setting knows UTF-8 only.
    if !matches!(encoding.as_str(), "" | "UTF8" | "SQL_ASCII") {
        return Err(OpenError::Encoding { server: server.shown(), encoding });
    }
    let found = match fresh {
        Some(fresh) => find_or_make(link, fresh).map(Some),
        None => find(link),
    };
    let Some((header, schema)) = found.map_err(failed)? else {
        return Err(OpenError::NoLedger { server: server.shown() });
    };
    if schema > SCHEMA_VERSION {
        let (server, known) = (server.shown(), SCHEMA_VERSION);
        return Err(OpenError::Newer { server, found: schema, known });
    }
    if header.format != FORMAT {
        return Err(OpenError::UnknownFormat { server: server.shown(), format: header.format });
    }
    Ok(header)
}

fn find_or_make(link: &Link, fresh: &Header) -> Result<(Header, i64), Failure> {
    let mut tries = 0;
    loop {
        if let Some(found) = find(link)? {
            return Ok(found);
        }
        match make(link, fresh) {
            Ok(()) => {}
            Err(failure)
                if tries < TRIES && (failure.is_made_already() || failure.is_conflict()) =>
            {
                tries += 1;
                link.wait(link.batch("ROLLBACK"))?;
            }
            Err(failure) => return Err(failure),
        }
    }
}

fn find(link: &Link) -> Result<Option<(Header, i64)>, Failure> {
    let sql = "SELECT schema, format, id FROM council_ledger";
    match link.wait(link.query(sql, &[])) {
        Ok(rows) => rows
            .first()
            .map(|row| {
                let schema = count(row, 0).map(number)?;
                Ok((Header { format: value(row, 1)?, id: value(row, 2)? }, schema))
            })
            .transpose(),
        Err(failure) if failure.is_missing_table() => Ok(None),
        Err(failure) => Err(failure),
    }
}

fn make(link: &Link, fresh: &Header) -> Result<(), Failure> {
    let head = fresh.empty_head();
    let at = ledger::time::format(head.at);
    link.wait(async {
        link.batch(&format!("BEGIN; {TABLES}")).await?;
        link.query(
            "INSERT INTO council_ledger (one, schema, format, id) VALUES (1, $1, $2, $3)",
            &[&SCHEMA_VERSION, &fresh.format, &fresh.id],
        )
        .await?;
        link.query(
            "INSERT INTO council_head (one, seq, hash, at) VALUES (1, 0, $1, $2)",
            &[&head.hash.0.as_slice(), &at],
        )
        .await?;
        link.batch("COMMIT").await
    })
}

const PUBLIC_KEY: &str = "SELECT public_key FROM council_ledger";

/// The public half of the keys that seal this ledger's texts, once a replica has claimed it.
pub(crate) fn claimed(link: &Link) -> Result<Option<Vec<u8>>, Failure> {
    let rows = link.wait(link.query(PUBLIC_KEY, &[]))?;
    rows.first().map(|row| value(row, 0)).transpose().map(Option::flatten)
}

/// Notes whose keys seal this ledger's texts where nobody has; says whose they are.
pub(crate) fn claim(link: &Link, keys: &Keys) -> Result<Option<Vec<u8>>, Failure> {
    let sql = "UPDATE council_ledger SET public_key = $1 WHERE public_key IS NULL";
    link.wait(link.query(sql, &[&keys.public().0.as_slice()]))?;
    claimed(link)
}
