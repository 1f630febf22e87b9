//! Sign-ins that have begun at an identity provider and not come back yet.

use jiff::Timestamp;
use rusqlite::OptionalExtension as _;

use super::{Store, seconds};
use crate::auth::secret::Digest;
use crate::limits::MAX_ATTEMPTS;

/// What is remembered while the browser is away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct AttemptRow {
    /// The provider, by its name in the playbook.
    pub(crate) provider: String,
    /// What its token must repeat.
    pub(crate) nonce: String,
    /// What proves that the code is ours.
    pub(crate) verifier: String,
    /// Where to go afterwards.
    pub(crate) back: String,
    /// Whether the person must prove anew who they are.
    pub(crate) anew: bool,
}

impl Store {
    /// Remembers an attempt by the digest of its state, and forgets those that have ended. Says whether there was room.
    pub(crate) fn add_attempt(
        &self,
        state: Digest,
        attempt: &AttemptRow,
        now: Timestamp,
        expires: Timestamp,
    ) -> rusqlite::Result<bool> {
        let connection = self.lock();
        connection.execute("DELETE FROM attempt WHERE expires <= ?1", [seconds(now)])?;
        let waiting: usize =
            connection.query_row("SELECT count(*) FROM attempt", (), |row| row.get(0))?;
        if waiting >= MAX_ATTEMPTS {
            return Ok(false);
        }
        connection.execute(
            "INSERT INTO attempt (digest, provider, nonce, verifier, back, anew, expires)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            (
                state.as_bytes(),
                &attempt.provider,
                &attempt.nonce,
                &attempt.verifier,
                &attempt.back,
                attempt.anew,
                seconds(expires),
            ),
        )?;
        Ok(true)
    }

    /// Takes an attempt up: whoever comes back first gets it, everybody after gets nothing.
    pub(crate) fn take_attempt(
        &self,
        state: Digest,
        now: Timestamp,
    ) -> rusqlite::Result<Option<AttemptRow>> {
        self.lock()
            .query_row(
                "DELETE FROM attempt WHERE digest = ?1 AND expires > ?2
                 RETURNING provider, nonce, verifier, back, anew",
                (state.as_bytes(), seconds(now)),
                |row| {
                    Ok(AttemptRow {
                        provider: row.get(0)?,
                        nonce: row.get(1)?,
                        verifier: row.get(2)?,
                        back: row.get(3)?,
                        anew: row.get(4)?,
                    })
                },
            )
            .optional()
    }
}
