//! Remembered answers, so that a repeated request with the same `Idempotency-Key` is answered and not done twice.

use jiff::Timestamp;
use rusqlite::OptionalExtension as _;

use super::{Store, seconds};
use crate::auth::secret::Digest;
use crate::limits::IDEMPOTENCY_LIFE;

/// What identifies a request: method, path and body.
pub(crate) type Fingerprint = Digest;

/// An answer as it was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Reply {
    /// The HTTP status.
    pub(crate) status: u16,
    /// Names and values of the headers that belong to the answer, as JSON.
    pub(crate) headers: String,
    /// The body.
    pub(crate) body: Vec<u8>,
}

/// What is known of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Replies {
    /// Nothing: the caller now owns the key and must finish or release it.
    Fresh,
    /// The same request is being worked on.
    Busy,
    /// The same request was answered with this.
    Done(Reply),
    /// Another request used the key.
    Other,
}

impl Store {
    /// Claims a key for a request, or says what became of it.
    pub(crate) fn claim_reply(
        &self,
        owner: &str,
        key: &str,
        fingerprint: Fingerprint,
        now: Timestamp,
    ) -> rusqlite::Result<Replies> {
        let connection = self.lock();
        let oldest = seconds(now).saturating_sub_unsigned(IDEMPOTENCY_LIFE.as_secs());
        connection.execute("DELETE FROM reply WHERE at <= ?1", [oldest])?;
        let inserted = connection.execute(
            "INSERT OR IGNORE INTO reply (owner, key, fingerprint, at) VALUES (?1, ?2, ?3, ?4)",
            (owner, key, fingerprint.as_bytes(), seconds(now)),
        )?;
        if inserted == 1 {
            return Ok(Replies::Fresh);
        }
        let found = connection
            .query_row(
                "SELECT fingerprint, status, headers, body FROM reply WHERE owner = ?1 AND key = ?2",
                (owner, key),
                |row| {
                    let known: Vec<u8> = row.get(0)?;
                    let reply = match row.get::<_, Option<u16>>(1)? {
                        None => None,
                        Some(status) => {
                            Some(Reply { status, headers: row.get(2)?, body: row.get(3)? })
                        }
                    };
                    Ok((known, reply))
                },
            )
            .optional()?;
        Ok(match found {
            None => Replies::Busy,
            Some((known, _)) if known != fingerprint.as_bytes() => Replies::Other,
            Some((_, Some(reply))) => Replies::Done(reply),
            Some((_, None)) => Replies::Busy,
        })
    }

    /// Remembers the answer of a claimed key.
    pub(crate) fn finish_reply(
        &self,
        owner: &str,
        key: &str,
        reply: &Reply,
    ) -> rusqlite::Result<()> {
        self.lock()
            .execute(
                "UPDATE reply SET status = ?3, headers = ?4, body = ?5 WHERE owner = ?1 AND key = ?2",
                (owner, key, reply.status, &reply.headers, &reply.body),
            )
            .map(|_| ())
    }

    /// Gives a claimed key back: the request failed for a reason that a retry may not meet again.
    pub(crate) fn release_reply(&self, owner: &str, key: &str) -> rusqlite::Result<()> {
        self.lock()
            .execute(
                "DELETE FROM reply WHERE owner = ?1 AND key = ?2 AND status IS NULL",
                (owner, key),
            )
            .map(|_| ())
    }

    /// Gives back all keys that a previous process claimed and never finished.
    pub(crate) fn release_all_replies(&self) -> rusqlite::Result<()> {
        self.lock().execute("DELETE FROM reply WHERE status IS NULL", []).map(|_| ())
    }
}
