//! Personal tokens for programs.

use jiff::Timestamp;
use rusqlite::OptionalExtension as _;

use super::{Store, moment, seconds};
use crate::auth::secret::Digest;
use crate::limits::TOUCH_EVERY;

/// One token, without its secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TokenRow {
    /// A public name, to show and to revoke it by.
    pub(crate) id: String,
    /// Whose it is.
    pub(crate) person: String,
    /// Whether it may operate the server.
    pub(crate) operator: bool,
    /// What its owner calls it.
    pub(crate) name: String,
    /// What it may be used for, sorted.
    pub(crate) scopes: Vec<String>,
    /// When it was made.
    pub(crate) created: Timestamp,
    /// When it ends.
    pub(crate) expires: Timestamp,
    /// When it was last used, to the minute.
    pub(crate) used: Option<Timestamp>,
}

const COLUMNS: &str = "id, person, operator, name, scopes, created, expires, used";

impl Store {
    /// Remembers a new token by its digest, and forgets those that have ended.
    pub(crate) fn add_token(&self, digest: Digest, token: &TokenRow) -> rusqlite::Result<()> {
        let connection = self.lock();
        connection.execute("DELETE FROM token WHERE expires <= ?1", [seconds(token.created)])?;
        connection.execute(
            "INSERT INTO token (digest, id, person, operator, name, scopes, created, expires)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            (
                digest.as_bytes(),
                &token.id,
                &token.person,
                token.operator,
                &token.name,
                token.scopes.join(" "),
                seconds(token.created),
                seconds(token.expires),
            ),
        )?;
        Ok(())
    }

    /// Finds a live token by its secret's digest and notes that it is used.
    pub(crate) fn token(
        &self,
        digest: Digest,
        now: Timestamp,
    ) -> rusqlite::Result<Option<TokenRow>> {
        let connection = self.lock();
        let found = connection
            .prepare_cached(&format!(
                "SELECT {COLUMNS} FROM token WHERE digest = ?1 AND expires > ?2"
            ))?
            .query_row((digest.as_bytes(), seconds(now)), read)
            .optional()?;
        let is_stale = |used: Timestamp| now.duration_since(used).unsigned_abs() >= TOUCH_EVERY;
        if found.as_ref().is_some_and(|token| token.used.is_none_or(is_stale)) {
            let touched = connection.execute(
                "UPDATE token SET used = ?2 WHERE digest = ?1",
                (digest.as_bytes(), seconds(now)),
            );
            super::at_best(touched);
        }
        Ok(found)
    }

    /// All live tokens of a person, or of everybody, newest first.
    pub(crate) fn tokens(
        &self,
        person: Option<&str>,
        now: Timestamp,
    ) -> rusqlite::Result<Vec<TokenRow>> {
        let connection = self.lock();
        let mut statement = connection.prepare_cached(&format!(
            "SELECT {COLUMNS} FROM token WHERE expires > ?2 AND (?1 IS NULL OR person = ?1)
             ORDER BY created DESC, id"
        ))?;
        statement.query_map((person, seconds(now)), read)?.collect()
    }

    /// Says whether a token is still live, by its public name.
    pub(crate) fn token_lives(&self, id: &str, now: Timestamp) -> rusqlite::Result<bool> {
        self.lock()
            .prepare_cached("SELECT 1 FROM token WHERE id = ?1 AND expires > ?2")?
            .exists((id, seconds(now)))
    }

    /// Revokes all tokens of a person; says how many there were.
    pub(crate) fn revoke_tokens_of(&self, person: &str) -> rusqlite::Result<usize> {
        self.lock().execute("DELETE FROM token WHERE person = ?1", [person])
    }

    /// Revokes a token by its public name.
    pub(crate) fn revoke_token(&self, id: &str) -> rusqlite::Result<bool> {
        Ok(self.lock().execute("DELETE FROM token WHERE id = ?1", [id])? > 0)
    }
}

fn read(row: &rusqlite::Row<'_>) -> rusqlite::Result<TokenRow> {
    let scopes: String = row.get(4)?;
    Ok(TokenRow {
        id: row.get(0)?,
        person: row.get(1)?,
        operator: row.get(2)?,
        name: row.get(3)?,
        scopes: scopes.split(' ').filter(|scope| !scope.is_empty()).map(str::to_owned).collect(),
        created: moment(row.get(5)?),
        expires: moment(row.get(6)?),
        used: row.get::<_, Option<i64>>(7)?.map(moment),
    })
}
