//! One-time sign-in links.

use jiff::Timestamp;
use rusqlite::OptionalExtension as _;

use super::{Store, moment, seconds};
use crate::auth::secret::Digest;

/// What a sign-in link allows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Link {
    /// The person it signs in as; without one, the visitor chooses.
    pub(crate) person: Option<String>,
    /// Whether the session may operate the server.
    pub(crate) operator: bool,
    /// When it ends.
    pub(crate) expires: Timestamp,
}

impl Store {
    /// Remembers a link by its digest, and forgets those that have ended.
    pub(crate) fn add_link(
        &self,
        digest: Digest,
        link: &Link,
        now: Timestamp,
    ) -> rusqlite::Result<()> {
        let connection = self.lock();
        connection.execute("DELETE FROM link WHERE expires <= ?1", [seconds(now)])?;
        connection.execute(
            "INSERT INTO link (digest, person, operator, expires) VALUES (?1, ?2, ?3, ?4)",
            (digest.as_bytes(), &link.person, link.operator, seconds(link.expires)),
        )?;
        Ok(())
    }

    /// Looks at a link without using it up.
    pub(crate) fn link(&self, digest: Digest, now: Timestamp) -> rusqlite::Result<Option<Link>> {
        self.lock()
            .query_row(
                "SELECT person, operator, expires FROM link WHERE digest = ?1 AND expires > ?2",
                (digest.as_bytes(), seconds(now)),
                read,
            )
            .optional()
    }

    /// Uses a link up: whoever calls first gets it, everybody after gets nothing.
    pub(crate) fn take_link(
        &self,
        digest: Digest,
        now: Timestamp,
    ) -> rusqlite::Result<Option<Link>> {
        self.lock()
            .query_row(
                "DELETE FROM link WHERE digest = ?1 AND expires > ?2 RETURNING person, operator, expires",
                (digest.as_bytes(), seconds(now)),
                read,
            )
            .optional()
    }
}

fn read(row: &rusqlite::Row<'_>) -> rusqlite::Result<Link> {
    Ok(Link { person: row.get(0)?, operator: row.get(1)?, expires: moment(row.get(2)?) })
}
